import { type Attack } from '../attack';
import { auditOfOthers } from './l1-audit-of-others';
import { untrueAnswers } from './l5-untrue-answers';
import { selfMadeKeys } from './m10-self-made-keys';
import { stuckPreparation } from './m11-stuck-preparation';
import { oneRegistrarEndsAccess } from './m13-one-registrar-ends-access';
import { unreadAnswers } from './m8-unread-answers';
import { muteVaults } from './m9-mute-vaults';

/** Every attack, in the order of their ids. */
export const attacks: readonly Attack[] = [
  auditOfOthers,
  untrueAnswers,
  unreadAnswers,
  muteVaults,
  selfMadeKeys,
  stuckPreparation,
  oneRegistrarEndsAccess,
];
