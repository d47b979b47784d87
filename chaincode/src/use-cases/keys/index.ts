import { type keysArea } from '@lianyi/domain';
import { type UseCases } from '../use-case';
import { getEnvelope, purgeEnvelopes, putEnvelope } from './envelopes';
import { recordKeyRelease } from './record-key-release';

/** What each transaction of the area does. */
export const keysUseCases = {
  PutEnvelope: putEnvelope,
  GetEnvelope: getEnvelope,
  RecordKeyRelease: recordKeyRelease,
  PurgeEnvelopes: purgeEnvelopes,
} satisfies UseCases<(typeof keysArea)['transactions']>;
