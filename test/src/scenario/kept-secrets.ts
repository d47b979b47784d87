import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { recoveryCodeBytes } from '@lianyi/client/pins';
import { seedOfPhrase } from '@lianyi/client/recovery';
import { type DataDir } from '@lianyi/workbench';
import { filesBelow } from '../architecture/source-files';
import { type Marker } from './canary';
import { blocksOfPeer } from './peer-blocks';
import { type Scenario } from './scenario';

/** A secret and the one file that may hold it. */
export interface Secret {
  readonly marker: Marker;
  readonly home: string;
}

/** Every block of every hospital's peer: any client of any member may read them, and so must it be asked. */
export async function blocksEverywhere(scenario: Scenario): Promise<readonly (readonly [place: string, bytes: Buffer])[]> {
  const { acts, a, c, hospitals, network } = scenario;
  const { blocks } = await acts.verifyChain(a.administrator, a.member.mspId);
  const found: (readonly [string, Buffer])[] = [];
  for (const { member } of hospitals) {
    const session = await scenario.session(c, 'User1', member.mspId);
    for (const [number, block] of (await blocksOfPeer(session, network.channel, 0, blocks - 1)).entries()) {
      found.push([`block ${number} of ${member.mspId}`, Buffer.from(block.serializeBinary())]);
    }
  }
  return found;
}

export function passphraseOf(data: DataDir): Secret {
  const home = join(data.root, 'wallets', 'passphrase');
  return { marker: readFileSync(home, 'utf8').trim(), home };
}

/** A recovery phrase, some of its words, and the seed that follows from it. */
export function phraseIn(home: string): readonly Secret[] {
  const phrase = readFileSync(home, 'utf8').trim();
  const markers = [phrase, phrase.split(/\s+/).slice(0, 4).join(' '), Buffer.from(seedOfPhrase(phrase))];
  return markers.map((marker) => ({ marker, home }));
}

/** A PIN, and the recovery code beside it: as it is written, as it is typed, and its bytes. */
export function pinAndCodeIn(pinFile: string, codeFile: string): readonly Secret[] {
  const code = readFileSync(codeFile, 'utf8').trim();
  const spellings = [code, code.replaceAll('-', ''), Buffer.from(recoveryCodeBytes(code))];
  return [{ marker: readFileSync(pinFile, 'utf8').trim(), home: pinFile }, ...spellings.map((marker) => ({ marker, home: codeFile }))];
}

/** The private keys of people and nodes, each by its bytes and by a line of its file as somebody would print it. */
export function privateKeysOf(data: DataDir): readonly Secret[] {
  const keys = filesBelow(data.root).filter((file) => file.endsWith('.pem') && !file.startsWith(data.network));
  return keys.flatMap((home) => {
    const pem = readFileSync(home, 'utf8');
    const scalar = createPrivateKey(pem).export({ format: 'jwk' }).d ?? '';
    return [Buffer.from(scalar, 'base64url'), pem.split('\n')[1] ?? ''].map((marker) => ({ marker, home }));
  });
}

/** The bytes of every private key in PEM among some files. */
export function privateScalarsIn(files: readonly string[]): readonly Buffer[] {
  return files
    .map((file) => readFileSync(file, 'utf8'))
    .filter((text) => text.startsWith('-----BEGIN') && text.includes('PRIVATE KEY-----'))
    .flatMap((pem) => {
      const { d: secret } = createPrivateKey(pem).export({ format: 'jwk' });
      return secret === undefined ? [] : [Buffer.from(secret, 'base64url')];
    });
}
