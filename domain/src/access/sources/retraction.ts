import { ofKnownRecord, type PolicySource, SILENT } from './policy-source';

/** Denies a retracted record to all of whom anything is decided here: its patient, who still reads it, is not (ADR 0055). */
export const retraction: PolicySource = {
  needs: () => [],
  judge: ofKnownRecord(({ record }) => (record.state === 'current' ? SILENT : { denials: ['RECORD_RETRACTED'] })),
};
