import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { arrowsBetweenPackages } from '../docs/import-picture';
import { repositoryRoot } from '../docs/generate';
import { filesBelow, isTypeScript } from './source-files';

const rooms = ['domain', 'chaincode', 'application', 'network'];

describe('rooms', () => {
  it('import each other only downwards', () => {
    const arrows = arrowsBetweenPackages(repositoryRoot, rooms).map(({ from, to }) => `${from} -> ${to}`);
    expect(arrows.sort()).toEqual(['application -> domain', 'chaincode -> domain']);
  });

  it('enter another room only by its index', () => {
    const deep = rooms
      .flatMap((room) => filesBelow(join(repositoryRoot, room, 'src')).filter(isTypeScript))
      .filter((file) => /from '@lianyi\/[a-z]+\//.test(readFileSync(file, 'utf8')));
    expect(deep).toEqual([]);
  });

  it('hold no file longer than 300 lines of code', () => {
    const long = rooms
      .flatMap((room) => filesBelow(join(repositoryRoot, room, 'src')).filter(isTypeScript))
      .filter(
        (file) =>
          readFileSync(file, 'utf8')
            .split('\n')
            .filter((line) => line.trim() !== '' && !/^\s*(\/\/|\*|\/\*)/.test(line)).length > 300,
      );
    expect(long).toEqual([]);
  });

  it('suppress a lint rule or a type only with a reason', () => {
    const bare = rooms
      .flatMap((room) => filesBelow(join(repositoryRoot, room, 'src')).filter(isTypeScript))
      .filter((file) =>
        readFileSync(file, 'utf8')
          .split('\n')
          .some((line) => /@ts-ignore|@ts-nocheck|@ts-expect-error(?!.{10})/.test(line) || /eslint-disable(?!.*--\s)/.test(line)),
      );
    expect(bare).toEqual([]);
  });

  it('name no organisation, person or fixture in source', () => {
    const named = [...rooms.slice(0, 2).map((room) => join(repositoryRoot, room, 'src'))]
      .flatMap((folder) => filesBelow(folder).filter(isTypeScript))
      .filter((file) => /Hospital[A-Z]MSP|DOC\d{3}/.test(readFileSync(file, 'utf8')));
    expect(named).toEqual([]);
  });
});
