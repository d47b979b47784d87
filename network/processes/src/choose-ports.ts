import { chooseFreePorts, type Consortium, isPortFree, OperatorError } from '@lianyi/network-model';
import { type PortMap, portNames } from './plan';

/** Numbers the consortium file fixes; the rest is chosen. */
function fixedPorts(consortium: Consortium): PortMap {
  return new Map(consortium.ports === 'auto' ? [] : Object.entries(consortium.ports));
}

/**
 * One port for every listener of the network: as before, as the consortium file says, or a free one.
 * @throws {@link OperatorError} `STATE_MISMATCH` — the file now fixes another number than the network was made with.
 */
export async function choosePorts(consortium: Consortium, before: PortMap): Promise<PortMap> {
  const fixed = fixedPorts(consortium);
  const names = portNames(consortium);
  const known = new Map<string, number>();
  for (const name of names) {
    const was = before.get(name);
    const wanted = fixed.get(name);
    if (was !== undefined && wanted !== undefined && was !== wanted) {
      throw new OperatorError('STATE_MISMATCH', {
        en: `${name} was made with port ${was}, the consortium file now says ${wanted}; addresses stand in the channel's configuration and stay`,
        zh: `${name} 建立时用端口 ${was}，联盟定义文件现在写 ${wanted}；地址已写入通道配置，不再改变`,
      });
    }
    const number = was ?? wanted;
    if (number !== undefined) known.set(name, number);
  }
  const open = names.filter((name) => !known.has(name));
  const taken = new Set(known.values());
  // chosen ports could be one of those the file fixes for another node
  const free = (await chooseFreePorts(open.length + taken.size)).filter((number) => !taken.has(number));
  return new Map([...known, ...open.map((name, index): [string, number] => [name, free[index] ?? 0])]);
}

/** @throws {@link OperatorError} `PORT_IN_USE` naming the port and what of ours wants it. */
export async function refuseUsedPorts(ports: PortMap): Promise<void> {
  const numbers = new Map<number, string>();
  for (const [name, number] of ports) {
    const twice = numbers.get(number);
    if (twice !== undefined)
      throw new OperatorError('PORT_IN_USE', {
        en: `port ${number} is given to both ${twice} and ${name}`,
        zh: `端口 ${number} 同时给了 ${twice} 和 ${name}`,
      });
    numbers.set(number, name);
  }
  const checks = await Promise.all([...ports].map(async ([name, number]) => ({ name, number, isFree: await isPortFree(number) })));
  const used = checks.find(({ isFree }) => !isFree);
  if (used)
    throw new OperatorError('PORT_IN_USE', {
      en: `port ${used.number}, which ${used.name} needs, is in use by another program`,
      zh: `${used.name} 所需的端口 ${used.number} 已被其他程序占用`,
    });
}
