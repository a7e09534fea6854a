//! The crate redis with default options, and in RESP3, against the server on
//! the port given.

use redis::{Commands, Connection, RedisError};

fn main() {
    let port = std::env::args().nth(1).expect("usage: redis-rs PORT");
    for options in ["", "/?protocol=resp3"] {
        if let Err(e) = talk(&format!("redis://127.0.0.1:{port}{options}")) {
            eprintln!("redis-rs{options}: {e}");
            std::process::exit(1);
        }
    }
    println!("redis-rs");
}

fn talk(url: &str) -> Result<(), RedisError> {
    let client = redis::Client::open(url)?;
    let mut r: Connection = client.get_connection()?;
    redis::cmd("FLUSHALL").exec(&mut r)?;
    r.set_ex::<_, _, ()>("k", "v", 100)?;
    let old: Option<String> = redis::cmd("SET").arg("k").arg("w").arg("KEEPTTL").arg("GET").query(&mut r)?;
    assert_eq!(old.as_deref(), Some("v"));
    assert_eq!(r.ttl::<_, i64>("k")?, 100);
    assert_eq!(r.get::<_, Option<String>>("nothing")?, None);
    assert_eq!(r.incr::<_, _, i64>("n", 5)?, 5);
    assert_eq!(r.decr::<_, _, i64>("n", 2)?, 3);
    assert_eq!(r.append::<_, _, i64>("k", "!")?, 2);
    assert_eq!(r.strlen::<_, i64>("k")?, 2);
    assert_eq!(r.rpush::<_, _, i64>("l", &["a", "b"])?, 2);
    assert_eq!(r.blpop::<_, (String, String)>("l", 5.0)?, ("l".into(), "a".into()));
    assert_eq!(r.blpop::<_, Option<(String, String)>>("none", 0.01)?, None);
    let mut keys: Vec<String> = r.scan::<String>()?.map(|k| k.expect("a key")).collect();
    keys.sort();
    assert_eq!(keys, ["k", "l", "n"]);
    assert_eq!(r.unlink::<_, i64>(&["n", "nothing"])?, 1);
    let list: String = redis::cmd("CLIENT").arg("LIST").query(&mut r)?;
    assert!(list.contains("lib-name=redis-rs"), "{list}");
    let refused = redis::pipe().atomic().set("in a transaction", 1).query::<()>(&mut r);
    assert!(refused.is_err(), "a transaction was not refused");
    assert_eq!(r.get::<_, Option<String>>("in a transaction")?, None);
    assert!(r.get::<_, String>("l").is_err());
    let mut second = client.get_connection()?;
    let mut sub = second.as_pubsub();
    sub.subscribe("c")?;
    assert_eq!(r.publish::<_, _, i64>("c", "hello")?, 1);
    assert_eq!(sub.get_message()?.get_payload::<String>()?, "hello");
    Ok(())
}
