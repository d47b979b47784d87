import { type areas, type TransactionName, transactions } from '@lianyi/domain';
import { accessFixture } from './access.fixture';
import { type AreaFixture, type SampleOf } from './area.fixture';
import { auditFixture } from './audit.fixture';
import { consentFixture } from './consent.fixture';
import { delegationFixture } from './delegation.fixture';
import { directoryFixture } from './directory.fixture';
import { keysFixture } from './keys.fixture';
import { matchingFixture } from './matching.fixture';
import { recordFixture } from './record.fixture';
import { registrarFixture } from './registrar.fixture';
import { relationshipFixture } from './relationship.fixture';
import { summaryFixture } from './summary.fixture';

/** The fixture of every area. */
export const areaFixtures: { readonly [Name in keyof typeof areas]: AreaFixture<(typeof areas)[Name]> } = {
  registrar: registrarFixture,
  directory: directoryFixture,
  relationship: relationshipFixture,
  summary: summaryFixture,
  record: recordFixture,
  consent: consentFixture,
  delegation: delegationFixture,
  access: accessFixture,
  keys: keysFixture,
  matching: matchingFixture,
  audit: auditFixture,
};

/** What the fixtures say of every transaction of the catalogue. */
export const samples: { readonly [Name in TransactionName]: SampleOf<(typeof transactions)[Name]> } = {
  ...registrarFixture.transactions,
  ...directoryFixture.transactions,
  ...relationshipFixture.transactions,
  ...summaryFixture.transactions,
  ...recordFixture.transactions,
  ...consentFixture.transactions,
  ...delegationFixture.transactions,
  ...accessFixture.transactions,
  ...keysFixture.transactions,
  ...matchingFixture.transactions,
  ...auditFixture.transactions,
};

// keys of a constant table typed by the catalogue
export const names = Object.keys(transactions) as readonly TransactionName[];
