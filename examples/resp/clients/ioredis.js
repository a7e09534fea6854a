// ioredis with default options against the server on the port given.
const assert = require('node:assert/strict');
const Redis = require('ioredis');

async function main() {
  const r = new Redis(Number(process.argv[2]));
  await r.flushall();
  assert.equal(await r.ping(), 'PONG');
  assert.equal(await r.set('k', 'v', 'EX', 100), 'OK');
  assert.equal(await r.set('k', 'w', 'KEEPTTL', 'GET'), 'v');
  assert.equal(await r.get('k'), 'w');
  assert.equal(await r.ttl('k'), 100);
  assert.equal(await r.get('nothing'), null);
  assert.equal(await r.incrby('n', 5), 5);
  assert.equal(await r.decrby('n', 2), 3);
  assert.equal(await r.append('k', '!'), 2);
  assert.deepEqual(await r.mget('k', 'nothing'), ['w!', null]);
  assert.equal(await r.rpush('l', 'a', 'b'), 2);
  assert.deepEqual(await r.blpop('l', 5), ['l', 'a']);
  assert.equal(await r.blpop('none', 0.01), null);
  const keys = [];
  for await (const some of r.scanStream({ count: 2 })) keys.push(...some);
  assert.deepEqual(keys.sort(), ['k', 'l', 'n']);
  assert.equal(await r.unlink('n', 'nothing'), 1);
  assert.match(await r.client('LIST'), /db=0/);
  assert.deepEqual((await r.pipeline().set('p', 1).incr('p').exec()).map(([e, v]) => e ?? v), ['OK', 2]);
  await assert.rejects(r.multi().set('in a transaction', '1').exec());
  assert.equal(await r.get('in a transaction'), null);
  await assert.rejects(r.get('l'), /WRONGTYPE/);
  const sub = r.duplicate();
  const heard = new Promise((resolve) => sub.on('message', (_, m) => resolve(m)));
  await sub.subscribe('c');
  assert.equal(await r.publish('c', 'hello'), 1);
  assert.equal(await heard, 'hello');
  sub.disconnect();
  r.disconnect();
  console.log('ioredis', require('ioredis/package.json').version);
}

main().catch((e) => { console.error('ioredis:', e); process.exit(1); });
