import { ofKnownRecord, type PolicySource, SILENT } from './policy-source';

/** Denies a retracted record to everybody. */
export const retraction: PolicySource = {
  needs: () => [],
  judge: ofKnownRecord(({ record }) => (record.state === 'current' ? SILENT : { denials: ['RECORD_RETRACTED'] })),
};
