#!/usr/bin/env bash
# A server of node-hl7-server hands its program every earlier message of a connection again with each new one, and acknowledges it again.
#
# version:  node-hl7-server 2.5.0
# input:    three HL7 v2 messages in MLLP frames on one connection, each sent when the one before has been acknowledged
# expected: three messages handed over and three acknowledgements: MLLP keeps a connection open, and a sender pairs message and answer
# seen:     one; one, two; one, two, three: six of each
# source:   HL7 Version 2 transport specification, MLLP release 1; node-hl7-server README, "Basic Usage", by which a reply ends the
#           connection, which it does not
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts node-hl7-server@2.5.0

cat > run.cjs <<'JS'
const { once } = require('node:events');
const net = require('node:net');
const { setTimeout: sleep } = require('node:timers/promises');
const { Server } = require('node-hl7-server');

const frame = (id) =>
  `\x0bMSH|^~\\&|LAB|A|WARD|A|20260101000000||ADT^A01^ADT_A01|${id}|P|2.5\rEVN||20260101000000\rPID|1||${id}\r\x1c\r`;

async function freePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

async function main() {
  const handedOver = [];
  const port = await freePort();
  const inbound = new Server().createInbound({ port }, async (request, response) => {
    handedOver.push(request.getMessage().get('MSH.10').toString());
    await response.sendResponse('AA');
  });
  let socket;
  for (let tries = 0; socket === undefined && tries < 100; tries += 1) {
    const dialled = net.connect(port, '127.0.0.1');
    await once(dialled, 'connect').then(() => (socket = dialled), () => sleep(50));
  }
  let answers = '';
  socket.on('data', (data) => (answers += data));
  for (const id of ['one', 'two', 'three']) {
    socket.write(frame(id));
    while (!answers.includes(`MSA|AA|${id}`)) await sleep(20);
    await sleep(300); // whatever else comes
  }
  console.log(`handed over: ${handedOver.join(' ')}`);
  console.log(`acknowledged: ${[...answers.matchAll(/MSA\|AA\|(\w+)/g)].map(([, id]) => id).join(' ')}`);
  socket.destroy();
  await inbound.close();
}
main().then(() => process.exit(0));
JS

seen=$(timeout 60 node run.cjs)
echo "$seen"
[ "$seen" = 'handed over: one one two one two three
acknowledged: one one two one two three' ] || { echo 'changed: this is not seen any more'; exit 1; }
