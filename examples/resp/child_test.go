package resp

const childEnv = "RESP_TEST_CHILD"

func runChild(string) {}
