/** Texts that change each second (how long ago, how much is left): they alone are written then, and nothing around them is rendered. */
import { Component, createRef } from "preact";
import type { Session } from "../state/session";

interface AgeProps {
  desk: Session;
  say(nowMs: number): string; // never ""
  title?: string;
  class?: string;
}

const shown = new Set<Age>();

export class Age extends Component<AgeProps> {
  private readonly place = createRef<HTMLSpanElement>();

  override componentDidMount(): void {
    shown.add(this);
  }

  override componentWillUnmount(): void {
    shown.delete(this);
  }

  // Preact compares with what it rendered last, which is not what has been written since.
  override componentDidUpdate(): void {
    this.write();
  }

  write(): void {
    const text = this.place.current?.firstChild as Text | null | undefined;
    const now = this.say();
    if (text && text.data !== now) text.data = now;
  }

  // Of a full board most are not laid out (content-visibility), and are written with the second after they have come in sight.
  isVisible(): boolean {
    return this.place.current?.checkVisibility?.({ contentVisibilityAuto: true }) !== false;
  }

  private say(): string {
    return this.props.say(this.props.desk.nowMs() ?? 0);
  }

  override render() {
    const { class: className = "number", title } = this.props;
    return <span ref={this.place} class={className} title={title}>{this.say()}</span>;
  }
}

/** Writes all of them anew that are on the screen: at each full second. */
export function writeAges(): void {
  const visible = [...shown].filter((age) => age.isVisible()); // asked before anything is written: each answer after it would take a layout
  for (const age of visible) age.write();
}
