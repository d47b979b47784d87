import { type Attack } from '../attack';
import { auditOfOthers } from './l1-audit-of-others';
import { untrueAnswers } from './l5-untrue-answers';
import { selfMadeKeys } from './m10-self-made-keys';
import { stuckPreparation } from './m11-stuck-preparation';
import { oneRegistrarEndsAccess } from './m13-one-registrar-ends-access';
import { m14 } from './m14';
import { m5 } from './m5';
import { m6 } from './m6';
import { unreadAnswers } from './m8-unread-answers';
import { muteVaults } from './m9-mute-vaults';

/** Every attack, in the order of their ids. */
export const attacks: readonly Attack[] = [
  m5,
  m6,
  unreadAnswers,
  muteVaults,
  selfMadeKeys,
  stuckPreparation,
  oneRegistrarEndsAccess,
  m14,
  auditOfOthers,
  untrueAnswers,
];
