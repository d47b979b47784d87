import { accessArea } from './access/transactions';
import { capacityArea } from './capacity/transactions';
import { consentArea } from './consent/transactions';
import { delegationArea } from './delegation/transactions';
import { deviceArea } from './device/transactions';
import { directoryArea } from './directory/transactions';
import { keysArea } from './keys/transactions';
import { matchingArea } from './matching/transactions';
import { pinArea } from './pin/transactions';
import { pointerArea } from './pointer/transactions';
import { recordArea } from './record/transactions';
import { recoveryArea } from './recovery/transactions';
import { registrarArea } from './registrar/transactions';
import { relationshipArea } from './relationship/transactions';
import { summaryArea } from './summary/transactions';

/**
 * The areas whose events may become lines of a patient's audit: all but the audit itself, which is made of their events. A new area is
 * one line here; {@link areas} and all registries are made from it.
 */
export const auditedAreas = {
  registrar: registrarArea,
  directory: directoryArea,
  relationship: relationshipArea,
  summary: summaryArea,
  device: deviceArea,
  record: recordArea,
  pointer: pointerArea,
  consent: consentArea,
  delegation: delegationArea,
  recovery: recoveryArea,
  pin: pinArea,
  capacity: capacityArea,
  access: accessArea,
  keys: keysArea,
  matching: matchingArea,
};
