import { createHmac, createSecretKey, hash, hkdfSync } from 'node:crypto';
import { canonicalJson } from '@lianyi/domain';
import { type Form, formsOf } from '../dictionary/attack';

/** How the product names a link (ADR 0037). */
const LINK_ID = 'lianyi/link-id/v1';
const KEY_BYTES = 32;

/** What whoever has a disk tries numbers with. */
export interface Means {
  readonly system: string;
  readonly mspIds: readonly string[];
  readonly keys: readonly Buffer[];
  readonly salts: readonly Buffer[];
}

/** Every form of a number that follows from what lies on the disk: bare, keyed with each key, as each hospital's link, salted with each salt. */
export function keyedForms({ system, mspIds, keys, salts }: Means): (number: string) => Generator<Form> {
  const held = keys.map((key) => ({ key: createSecretKey(key), linkKey: createSecretKey(linkKeyOf(key)) }));
  const mac = (key: Parameters<typeof createHmac>[1], text: string): Buffer => createHmac('sha256', key).update(text).digest();
  return function* (number) {
    yield* formsOf(number, system);
    const named = canonicalJson({ system, value: number });
    const links = mspIds.map((mspId) => [`link id of ${mspId}`, canonicalJson({ t: LINK_ID, mspId, system, value: number })] as const);
    for (const { key, linkKey } of held) {
      yield ['hmac(key, number)', mac(key, number)];
      yield ['hmac(key, json)', mac(key, named)];
      for (const [form, text] of links) yield [form, mac(linkKey, text)];
    }
    for (const salt of salts) {
      yield ['sha256(salt number)', hash('sha256', Buffer.concat([salt, Buffer.from(number)]), 'buffer')];
      yield ['hmac(salt, number)', mac(salt, number)];
    }
  };
}

function linkKeyOf(key: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), LINK_ID, KEY_BYTES));
}
