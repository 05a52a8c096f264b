/** Like React's memo: what is shown is rendered again only where one of its properties has become another. */
import { Component, type ComponentChild, type ComponentClass } from "preact";

// Lists are made anew each time of the same elements.
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, i) => one === b[i]);
}

export function memo<P extends object>(show: (props: P) => ComponentChild): ComponentClass<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const before = this.props as Record<string, unknown>;
      return Object.entries(next).some(([name, value]) => !isSame(value, before[name]));
    }

    override render() {
      return show(this.props);
    }
  };
}
