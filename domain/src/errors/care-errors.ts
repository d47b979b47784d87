import { type ErrorRow, refusal } from './row';

/** What is refused where hospitals care for one patient together. */
export const careErrors = {
  PRESCRIPTION_EXCEEDED: refusal(
    { whoCanFix: 'caller', retry: false, http: 409, exit: 'refused', fhir: 'business-rule' },
    ['More would be dispensed than is left of the prescription now.', '所发数量超过处方当前剩余数量。'],
    [
      'Dispense no more than details say is left; for more, its hospital issues another.',
      '发药不得超过 details 所示剩余数量；如需更多，请开具医院另开处方。',
    ],
  ),
  PRESCRIPTION_TOO_EARLY: refusal(
    { whoCanFix: 'caller', retry: false, http: 409, exit: 'refused', fhir: 'business-rule' },
    ['The repeat of the prescription may not begin yet.', '处方的续配时间未到。'],
    ['Dispense it from the time that details say.', '请在 details 所示时间之后发药。'],
  ),
} as const satisfies Record<string, ErrorRow>;
