import { type RecognisedItems } from '@lianyi/domain';
import { initialSetting } from '@lianyi/domain/deciding';
import { type ReadRepositories } from '../ledger/repositories';

/** The list of recognised items in force, and its version; what nobody has adopted is empty. */
export async function recognisedItems({
  accessParameters,
}: Pick<ReadRepositories, 'accessParameters'>): Promise<{ readonly version: number; readonly value: RecognisedItems }> {
  const { setting, version } = (await accessParameters.find('recognised-items')) ?? {
    setting: initialSetting('recognised-items'),
    version: 1,
  };
  return { version, value: setting.name === 'recognised-items' ? setting.value : { items: [] } };
}
