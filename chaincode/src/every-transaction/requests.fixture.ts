import { type areas, type TransactionName, transactions } from '@lianyi/domain';
import { accessFixture } from './access.fixture';
import { type AreaFixture, type SampleOf } from './area.fixture';
import { auditFixture } from './audit.fixture';
import { capacityFixture } from './capacity.fixture';
import { consentFixture } from './consent.fixture';
import { copiesFixture } from './copies.fixture';
import { prescriptionFixture } from './prescription.fixture';
import { correctionFixture } from './correction.fixture';
import { delegationFixture } from './delegation.fixture';
import { deviceFixture } from './device.fixture';
import { governanceFixture } from './governance.fixture';
import { holdFixture } from './hold.fixture';
import { directoryFixture } from './directory.fixture';
import { emergencyFixture } from './emergency.fixture';
import { keysFixture } from './keys.fixture';
import { matchingFixture } from './matching.fixture';
import { pinFixture } from './pin.fixture';
import { pointerFixture } from './pointer.fixture';
import { recognitionFixture } from './recognition.fixture';
import { recordFixture } from './record.fixture';
import { referralFixture } from './referral.fixture';
import { recoveryFixture } from './recovery.fixture';
import { registrarFixture } from './registrar.fixture';
import { relationshipFixture } from './relationship.fixture';
import { summaryFixture } from './summary.fixture';

/** The fixture of every area. */
export const areaFixtures: { readonly [Name in keyof typeof areas]: AreaFixture<(typeof areas)[Name]> } = {
  registrar: registrarFixture,
  directory: directoryFixture,
  relationship: relationshipFixture,
  summary: summaryFixture,
  device: deviceFixture,
  hold: holdFixture,
  correction: correctionFixture,
  prescription: prescriptionFixture,
  referral: referralFixture,
  recognition: recognitionFixture,
  record: recordFixture,
  pointer: pointerFixture,
  consent: consentFixture,
  delegation: delegationFixture,
  recovery: recoveryFixture,
  pin: pinFixture,
  capacity: capacityFixture,
  access: accessFixture,
  emergency: emergencyFixture,
  keys: keysFixture,
  copies: copiesFixture,
  matching: matchingFixture,
  governance: governanceFixture,
  audit: auditFixture,
};

/** What the fixtures say of every transaction of the catalogue. */
export const samples: { readonly [Name in TransactionName]: SampleOf<(typeof transactions)[Name]> } = {
  ...registrarFixture.transactions,
  ...directoryFixture.transactions,
  ...relationshipFixture.transactions,
  ...summaryFixture.transactions,
  ...deviceFixture.transactions,
  ...holdFixture.transactions,
  ...correctionFixture.transactions,
  ...prescriptionFixture.transactions,
  ...referralFixture.transactions,
  ...recognitionFixture.transactions,
  ...recordFixture.transactions,
  ...pointerFixture.transactions,
  ...consentFixture.transactions,
  ...delegationFixture.transactions,
  ...recoveryFixture.transactions,
  ...pinFixture.transactions,
  ...capacityFixture.transactions,
  ...accessFixture.transactions,
  ...emergencyFixture.transactions,
  ...keysFixture.transactions,
  ...copiesFixture.transactions,
  ...matchingFixture.transactions,
  ...governanceFixture.transactions,
  ...auditFixture.transactions,
};

// keys of a constant table typed by the catalogue
export const names = Object.keys(transactions) as readonly TransactionName[];
