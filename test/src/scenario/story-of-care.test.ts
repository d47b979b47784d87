import { documentCases } from './story/document-cases';
import { accessCases } from './story/access-cases';
import { assistedCases } from './story/assisted-cases';
import { auditCases } from './story/audit-cases';
import { cardTokenCases } from './story/card-token-cases';
import { commandCases } from './story/command-cases';
import { correctionCases } from './story/correction-cases';
import { conclusionCases } from './story/conclusion-cases';
import { copiesCases } from './story/copies-cases';
import { delegationCases } from './story/delegation-cases';
import { deviceCases } from './story/device-cases';
import { emergencyCases } from './story/emergency-cases';
import { fhirCases } from './story/fhir-cases';
import { governanceCases } from './story/governance-cases';
import { eventCases } from './story/event-cases';
import { groupCases } from './story/group-cases';
import { hl7Cases } from './story/hl7-cases';
import { keyCases } from './story/key-cases';
import { listingCases } from './story/listing-cases';
import { ownRecordCases } from './story/own-record-cases';
import { pictureCases } from './story/picture-cases';
import { prescriptionCases } from './story/prescription-cases';
import { referralCases } from './story/referral-cases';
import { recognitionCases } from './story/recognition-cases';
import { registrationCases } from './story/registration-cases';
import { relationshipCases } from './story/relationship-cases';
import { relationshipKindCases } from './story/relationship-kind-cases';
import { replicaCases } from './story/replica-cases';
import { staffCases } from './story/staff-cases';
import { contractsOfIdentity, tellStory } from './story/tell';
import { timeCases } from './story/time-cases';

tellStory('care', 'the story of one patient and three hospitals', {
  chapters: [
    ['documents', documentCases],
    ['registration', staffCases, registrationCases, cardTokenCases],
    ['a patient’s command', commandCases],
    ['who acts for a patient', delegationCases, assistedCases],
    ['a relationship', relationshipCases, relationshipKindCases],
    ['a device', deviceCases],
    ['a message', hl7Cases],
    ['a group of staff', groupCases],
    ['a list of what may be asked for', listingCases],
    ['a request for access', accessCases, conclusionCases],
    ['what a hospital’s own application submits', fhirCases],
    ['the whole patient', pictureCases],
    ['an own record', ownRecordCases],
    ['an emergency', emergencyCases],
    ['what members decide', governanceCases],
    ['time', timeCases],
    ['a key', keyCases],
    ['a copy', copiesCases],
    ['a correction', correctionCases],
    ['a prescription', prescriptionCases],
    ['a referral up and back', referralCases],
    ['a recognised result', recognitionCases],
    ['events', eventCases],
    ['replicas', replicaCases],
    ['the audit', auditCases],
  ],
  secrets: ['numbers', 'spoken'],
  contracts: (contract) => !contractsOfIdentity.has(contract),
});
