import { type TransactionName, transactions } from '@lianyi/domain';
import { peopleSamples } from './people-samples.fixture';
import { recordSamples } from './record-samples.fixture';
import { type Sample } from './sample.fixture';

/** One valid request for every transaction of the catalogue; a new entry does not compile without one. */
export const samples: Readonly<Record<TransactionName, Sample>> = { ...peopleSamples, ...recordSamples };

// keys of a constant table typed by the catalogue
export const names = Object.keys(transactions) as readonly TransactionName[];
