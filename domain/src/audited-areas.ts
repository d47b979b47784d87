import { accessArea } from './access/index';
import { capacityArea } from './capacity/index';
import { consentArea } from './consent/index';
import { delegationArea } from './delegation/index';
import { directoryArea } from './directory/index';
import { keysArea } from './keys/index';
import { matchingArea } from './matching/index';
import { pointerArea } from './pointer/index';
import { recordArea } from './record/index';
import { recoveryArea } from './recovery/index';
import { registrarArea } from './registrar/index';
import { relationshipArea } from './relationship/index';
import { summaryArea } from './summary/index';

/**
 * The areas whose events may become lines of a patient's audit: all but the audit itself, which is made of their events. A new area is
 * one line here; {@link areas} and all registries are made from it.
 */
export const auditedAreas = {
  registrar: registrarArea,
  directory: directoryArea,
  relationship: relationshipArea,
  summary: summaryArea,
  record: recordArea,
  pointer: pointerArea,
  consent: consentArea,
  delegation: delegationArea,
  recovery: recoveryArea,
  capacity: capacityArea,
  access: accessArea,
  keys: keysArea,
  matching: matchingArea,
};
