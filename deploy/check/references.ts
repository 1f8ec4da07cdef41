import type { Json, Template } from './stack.ts';

/**
 * Finds references without a target, and cycles of references. CloudFormation would find them too, but only during a
 * deployment.
 */
export function checkReferences({ Resources }: Template): string[] {
  const references = new Map(Object.entries(Resources).map(([id, resource]) => [id, idsIn(resource)]));
  const dangling = [...references].flatMap(([id, targets]) =>
    [...targets]
      .filter((target) => !(target in Resources))
      .map((target) => `${id} refers to ${target}, which is not there`),
  );
  const circle = circleIn(references);
  return circle ? [...dangling, `a circle: ${circle.join(' → ')}`] : dangling;
}

/** Returns the logical ids that a resource, or a part of one, refers to, without names such as AWS::Region. */
export function idsIn(resource: Json): Set<string> {
  return new Set([...referencesOf(resource)].filter((name) => !name.startsWith('AWS::')));
}

/** Yields the names in Ref, Fn::GetAtt, Fn::Sub and DependsOn, at any depth. */
function* referencesOf(value: Json): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries<Json>(value)) {
    if (key === 'Ref') yield part;
    else if (key === 'Fn::GetAtt') yield part[0];
    else if (key === 'DependsOn') yield* [part].flat();
    else if (key === 'Fn::Sub') yield* substitutedIn(part);
    else yield* referencesOf(part);
  }
}

function* substitutedIn(sub: Json): Generator<string> {
  const [text, variables = {}] = [sub].flat();
  for (const [, name] of text.matchAll(/\$\{([\w:]+)[^}]*\}/g)) if (!(name in variables)) yield name;
  yield* referencesOf(variables);
}

function circleIn(references: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const finished = new Set<string>();
  const visit = (id: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id];
    if (finished.has(id)) return undefined;
    for (const target of references.get(id) ?? []) {
      const circle = visit(target, [...path, id]);
      if (circle) return circle;
    }
    finished.add(id);
    return undefined;
  };
  for (const id of references.keys()) {
    const circle = visit(id, []);
    if (circle) return circle;
  }
  return undefined;
}
