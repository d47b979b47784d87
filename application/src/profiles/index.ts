export { profileName, profileSchema } from './profile';
export type { AdministratorProfile, PatientProfile, Profile, ProfileKind, StaffProfile } from './profile';
export { listProfileFiles, loadProfile, profileFile, saveProfile } from './profile-file';
export type { LoadedProfile } from './profile-file';
export { ProfileProblem } from './profile-problem';
export type { ProfileProblemCode } from './profile-problem';
