/** What kinds are called that are free text in the protocol. */
import { StatusSchema } from "../gen/ledger_pb";
import { language, ownKind, TR, tr, word } from "../words";

// Free text in the protocol, and mostly one of these: of equipment and of sites.
const KINDS = [
  TR("cupola"), TR("coal_boiler"), TR("transformer"), TR("charcoal_workshop"), TR("malleable_iron_foundry"), TR("foundry"), TR("furnace"),
];

/** Of equipment, of sites, or a status of the ledger; of the county's own kinds as lianqin.yaml has it. */
export function kindTitle(kind: string): string {
  const own = ownKind(kind);
  if (own !== undefined) return own;
  const status = StatusSchema.values.find((value) => value.name.toLowerCase() === kind);
  if (status !== undefined) return word(StatusSchema, status.number);
  if (language === "zh") return KINDS.includes(kind) ? tr(kind) : kind;
  return kind.replaceAll("_", " ");
}
