import { type transactions } from '@lianyi/domain';
import { accessUseCases } from './access/index';
import { auditUseCases } from './audit/index';
import { capacityUseCases } from './capacity/index';
import { consentUseCases } from './consent/index';
import { copiesUseCases } from './copies/index';
import { prescriptionUseCases } from './prescription/index';
import { correctionUseCases } from './correction/index';
import { delegationUseCases } from './delegation/index';
import { deviceUseCases } from './device/index';
import { directoryUseCases } from './directory/index';
import { emergencyUseCases } from './emergency/index';
import { governanceUseCases } from './governance/index';
import { holdUseCases } from './hold/index';
import { keysUseCases } from './keys/index';
import { matchingUseCases } from './matching/index';
import { pinUseCases } from './pin/index';
import { pointerUseCases } from './pointer/index';
import { recognitionUseCases } from './recognition/index';
import { recordUseCases } from './record/index';
import { referralUseCases } from './referral/index';
import { recoveryUseCases } from './recovery/index';
import { registrarUseCases } from './registrar/index';
import { relationshipUseCases } from './relationship/index';
import { summaryUseCases } from './summary/index';
import { type UseCases } from './use-case';

/** The use case of every transaction of the catalogue. */
export const useCases: UseCases<typeof transactions> = {
  ...registrarUseCases,
  ...directoryUseCases,
  ...relationshipUseCases,
  ...summaryUseCases,
  ...deviceUseCases,
  ...recordUseCases,
  ...pointerUseCases,
  ...consentUseCases,
  ...delegationUseCases,
  ...recoveryUseCases,
  ...pinUseCases,
  ...capacityUseCases,
  ...accessUseCases,
  ...emergencyUseCases,
  ...keysUseCases,
  ...copiesUseCases,
  ...holdUseCases,
  ...correctionUseCases,
  ...prescriptionUseCases,
  ...referralUseCases,
  ...recognitionUseCases,
  ...matchingUseCases,
  ...governanceUseCases,
  ...auditUseCases,
};
