import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_TYPE } from '@lianyi/network-model';

/** Names the file of connections to the builder; must be in the builder's `propagateEnvironment`. */
export const CONNECTIONS_VARIABLE = 'LIANYI_CHAINCODE_CONNECTIONS';

/** How one peer reaches one chaincode service. The certificate and key fields are files. */
export interface ServiceAddress {
  readonly address: string;
  readonly root_cert: string;
  readonly client_cert: string;
  readonly client_key: string;
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

// Fabric gives a builder 3 steps (docs: "External Builders and Launchers"). The two that only look and copy are shell, since
// a start of Node costs more than all of them; no `run`: the peer then connects to what `release` left in chaincode/server.
const DETECT = `#!/bin/sh
# $2 = folder with metadata.json
grep -q '"type":"${PACKAGE_TYPE}"' "$2/metadata.json"
`;
const BUILD = `#!/bin/sh
# $1 = code, $2 = folder with metadata.json, $3 = output
set -e
cp "$1/connection.json" "$2/metadata.json" "$3/"
if [ -d "$1/META-INF" ]; then cp -R "$1/META-INF" "$3/"; fi
`;
const release = (node: string, script: string): string => `#!/bin/sh
# $1 = output of build, $2 = output
exec ${shellQuote(node)} ${shellQuote(script)} "$1" "$2"
`;
const RELEASE_SCRIPT = `'use strict';
// Fills the placeholders of a package's connection.json with this peer's own address, certificates and key.
const { existsSync, cpSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const [built, output] = process.argv.slice(2);
const { label } = JSON.parse(readFileSync(join(built, 'metadata.json'), 'utf8'));
const connections = JSON.parse(readFileSync(process.env.${CONNECTIONS_VARIABLE}, 'utf8'));
const connection = connections[label];
if (!connection) {
  console.error('this peer knows no service for the chaincode package ' + label);
  process.exit(1);
}
const values = { ...connection };
for (const field of ['root_cert', 'client_cert', 'client_key']) values[field] = readFileSync(connection[field], 'utf8');
const template = JSON.parse(readFileSync(join(built, 'connection.json'), 'utf8'));
const filled = Object.entries(template).map(([field, value]) => {
  const name = typeof value === 'string' ? /^\\{\\{(\\w+)\\}\\}$/.exec(value)?.[1] : undefined;
  return [field, name === undefined ? value : values[name]];
});
mkdirSync(join(output, 'chaincode', 'server'), { recursive: true });
writeFileSync(join(output, 'chaincode', 'server', 'connection.json'), JSON.stringify(Object.fromEntries(filled)), { mode: 0o600 });
const indexes = join(built, 'META-INF', 'statedb');
if (existsSync(indexes)) cpSync(indexes, join(output, 'statedb'), { recursive: true });
`;

/** Writes the builder's folder (`bin/detect`, `bin/build`, `bin/release`); it starts Node by the path this process runs on. */
export function writeExternalBuilder(folder: string): void {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const script = join(folder, 'release.cjs');
  writeFileSync(script, RELEASE_SCRIPT);
  const steps = { detect: DETECT, build: BUILD, release: release(process.execPath, script) };
  for (const [name, text] of Object.entries(steps)) {
    const path = join(bin, name);
    writeFileSync(path, text);
    chmodSync(path, 0o755); // the umask may have taken the right to execute
  }
}
