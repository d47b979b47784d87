import { type AreaSpec } from './command-spec';
import { errorsArea } from './commands/errors-command';
import { profileArea } from './commands/profile-commands';

/** Every area of the command line, in the order of the help. */
export const areas: readonly AreaSpec[] = [profileArea, errorsArea];
