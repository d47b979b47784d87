export { Acts } from './acts';
export { Consortium } from './consortium';
export { type Hospital, organizationDir, tlsCaFile } from './hospital';
export { type NetworkKind } from './network-process';
export { addPatient, addStaff } from './people';
export { ReplicaFile } from './replica-files';
export { newRunDir } from './run-dir';
