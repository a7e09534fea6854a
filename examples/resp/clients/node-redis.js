// node-redis with default options against the server on the port given.
const assert = require('node:assert/strict');
const { createClient } = require('redis');

async function main() {
  const r = createClient({ url: `redis://127.0.0.1:${process.argv[2]}` });
  r.on('error', (e) => { throw e; });
  await r.connect();
  await r.flushAll();
  assert.equal(await r.ping(), 'PONG');
  assert.equal(await r.set('k', 'v', { EX: 100 }), 'OK');
  assert.equal(await r.set('k', 'w', { GET: true, KEEPTTL: true }), 'v');
  assert.equal(await r.get('k'), 'w');
  assert.equal(await r.ttl('k'), 100);
  assert.equal(await r.get('nothing'), null);
  assert.equal(await r.incrBy('n', 5), 5);
  assert.equal(await r.decr('n'), 4);
  assert.equal(await r.append('k', '!'), 2);
  assert.equal(await r.strLen('k'), 2);
  assert.equal(await r.type('k'), 'string');
  assert.deepEqual(await r.mGet(['k', 'nothing']), ['w!', null]);
  assert.equal(await r.rPush('l', ['a', 'b']), 2);
  assert.deepEqual(await r.lRange('l', 0, -1), ['a', 'b']);
  assert.deepEqual({ ...await r.blPop('l', 5) }, { key: 'l', element: 'a' });
  assert.equal(await r.blPop('none', 0.01), null);
  const keys = [];
  for await (const some of r.scanIterator({ COUNT: 2 })) keys.push(...[some].flat());
  assert.deepEqual(keys.sort(), ['k', 'l', 'n']);
  assert.equal(await r.unlink(['n', 'nothing']), 1);
  assert.match((await r.sendCommand(['CLIENT', 'LIST'])).toString(), /lib-name=node-redis/);
  assert.equal((await r.configGet('save')).save, '');
  await assert.rejects(r.multi().set('in a transaction', '1').exec());
  assert.equal(await r.get('in a transaction'), null);
  await assert.rejects(r.get('l'), /WRONGTYPE/);
  const sub = await r.duplicate().connect();
  const heard = new Promise((resolve) => { sub.subscribe('c', resolve).then(() => r.publish('c', 'hello')); });
  assert.equal(await heard, 'hello');
  sub.destroy();
  r.destroy();
  console.log('node-redis', require('redis/package.json').version);
}

main().catch((e) => { console.error('node-redis:', e); process.exit(1); });
