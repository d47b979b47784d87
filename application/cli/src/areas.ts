import { type AreaSpec } from './command-spec';
import { accessArea } from './commands/access-commands';
import { auditArea } from './commands/audit-commands';
import { cardArea } from './commands/card-commands';
import { consentArea } from './commands/consent-commands';
import { endpointArea } from './commands/endpoint-commands';
import { errorsArea } from './commands/errors-command';
import { ledgerArea } from './commands/ledger-commands';
import { nodeArea } from './commands/node-commands';
import { orgArea } from './commands/org-commands';
import { patientArea } from './commands/patient-commands';
import { profileArea } from './commands/profile-commands';
import { recordArea } from './commands/record-commands';
import { relationshipArea } from './commands/relationship-commands';
import { staffArea } from './commands/staff-commands';
import { txArea } from './commands/tx-command';
import { walletArea } from './commands/wallet-commands';

/** Every area of the command line, in the order of the help: set up, patients, records, consent and access, looking back. */
export const areas: readonly AreaSpec[] = [
  profileArea,
  nodeArea,
  orgArea,
  endpointArea,
  staffArea,
  walletArea,
  patientArea,
  cardArea,
  relationshipArea,
  recordArea,
  consentArea,
  accessArea,
  auditArea,
  ledgerArea,
  txArea,
  errorsArea,
];
