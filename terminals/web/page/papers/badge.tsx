/** A field for a person: by badge or name, from the roster. */
interface BadgeProps {
  title: string;
  name: string;
  people: readonly [badge: string, name: string][];
  value: string;
  change(typed: string): void;
}

/** "P1119 刘强", "p1119" and 刘强 are P1119, where the roster has one of that name; what is not known stays as it is. */
export function badgeOf(people: readonly [string, string][], typed: string): string {
  const text = typed.normalize("NFKC").trim();
  const first = text.split(/\s/)[0] ?? "";
  const byBadge = people.find(([badge]) => badge.toLowerCase() === first.toLowerCase());
  const byName = people.filter(([, name]) => name === text);
  return byBadge?.[0] ?? (byName.length === 1 ? byName[0]?.[0] : undefined) ?? text;
}

export function Badge({ title, name, people, value, change }: BadgeProps) {
  const list = `people-${name}`;
  return (
    <label>
      {title} <input name={name} autocomplete="off" maxLength={64} list={list} value={value} onInput={(event) => change(event.currentTarget.value)} />
      <datalist id={list}>
        {people.map(([badge, known]) => (
          <option key={badge} value={badge}>{known}</option>
        ))}
      </datalist>
    </label>
  );
}
