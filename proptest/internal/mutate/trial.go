package main

import (
	"cmp"
	"os"
	"path/filepath"
	"time"
)

func (c *campaign) try(m *mutant, slow bool) (verdict, error) {
	if m.fn == nil {
		return c.tryDeclaration(m, slow)
	}
	for _, k := range append(c.scouts.on(m, slow), killersOf(c.killers, m, slow)...) {
		if k.whole != nil {
			if err := c.ready(k.whole); err != nil {
				return "", err
			}
		}
		if err := c.ready(k); err != nil {
			return "", err
		}
		if found, err := k.run(c.tree, m.id, func() (time.Duration, error) { return k.measure(c.tree) }); found != "" || err != nil {
			v := verdict(k.name + ": " + found)
			c.scouts.learn(cmp.Or(k.whole, k), m, v)
			return v, err
		}
	}
	return survived, nil
}

// ready builds a killer of the tree while no declaration in it is changed.
func (c *campaign) ready(k *killer) error {
	if k.built.Load() {
		return nil
	}
	c.global.Lock()
	defer c.global.Unlock()
	return k.ready(c.tree)
}

// tryDeclaration compiles the tests with the mutant in place, in a copy of the
// module that has no other mutants, and so compiles in a moment.
func (c *campaign) tryDeclaration(m *mutant, slow bool) (verdict, error) {
	c.global.Lock()
	defer c.global.Unlock()
	for _, k := range killersOf(c.killers, m, slow) {
		if err := k.ready(c.tree); err != nil {
			return "", err
		}
	}
	plain := filepath.Join(filepath.Dir(c.tree), "plain")
	if !c.copied {
		if err := copyModule(plain); err != nil {
			return "", err
		}
		c.copied = true
	}
	path := filepath.Join(plain, m.file)
	defer os.WriteFile(path, m.source.text, 0o644)
	if err := os.WriteFile(path, []byte(m.source.apply(0, len(m.source.text), m.edits)), 0o644); err != nil {
		return "", err
	}
	for _, k := range killersOf(c.killers, m, slow) {
		one := k.like()
		if one.compile(plain, filepath.Join(plain, filepath.Base(k.binary))) != nil {
			return invalid, nil
		}
		if found, err := one.run(plain, 0, func() (time.Duration, error) { return k.measure(c.tree) }); found != "" || err != nil {
			return verdict(k.name + ": " + found), err
		}
	}
	return survived, nil
}
