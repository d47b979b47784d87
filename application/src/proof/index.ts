export { createKeyFile, loadKeyFile, readOwnerOnly } from './key-file';
export { newPrivateKey, publicKeyOf, signText } from './p256';
export {
  PATIENT_LIFETIME_MILLISECONDS,
  STAFF_LIFETIME_MILLISECONDS,
  signPatientCommand,
  signStaffRequest,
  type PatientSigner,
  type RequestToSign,
  type StaffSigner,
} from './sign-request';
export { newId } from './random-id';
