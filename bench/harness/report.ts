import { cpus } from 'node:os';

export interface Table {
  caption: string;
  columns: readonly string[];
  rows: readonly (readonly (string | number)[])[];
}

/** A value from one run (usually a ratio, sometimes a time or a count), and the bounds that it must keep. */
export interface Claim {
  what: string;
  value: number;
  atMost?: number;
  atLeast?: number;
}

export interface Report {
  title: string;
  unit: string;
  ours: number;
  /**
   * What `ours` is compared with, in `unit`: a quota, a budget, or the best possible value, usually measured in the
   * same run.
   */
  limit: number;
  rivals: Readonly<Record<string, number>>;
  /** Further values of the JSON output, in `unit` unless their names say another unit. */
  figures?: Readonly<Record<string, number>>;
  claims: readonly Claim[];
  tables: readonly Table[];
}

/** Factor by which a bound may be missed with `--quick`, which takes few samples. */
const QUICK_SLACK = 1.3;

export function holds({ value, atMost, atLeast }: Claim, quick: boolean): boolean {
  const slack = quick ? QUICK_SLACK : 1;
  return (atMost === undefined || value <= atMost * slack) && (atLeast === undefined || value >= atLeast / slack);
}

export function toJson({ ours, limit, rivals, unit, figures, claims }: Report, quick: boolean) {
  const ok = claims.every((claim) => holds(claim, quick));
  return { ours, limit, rivals, ratio_to_limit: ours / limit, ok, unit, ...figures };
}

export function toMarkdown(name: string, report: Report, quick = false): string {
  const { title, ours, limit, rivals, unit, claims, tables } = report;
  const others = Object.entries(rivals).map(([rival, value]) => [rival, format(value), `${format(value / ours)} ×`]);
  return [
    `## ${name}\n\n${title}. \`npm run bench -- ${name}\``,
    markdownTable({
      caption: '',
      columns: ['', unit, 'to ours'],
      rows: [['**ours**', format(ours), ''], ['limit', format(limit), `${format(limit / ours)} ×`], ...others],
    }),
    ...tables.map((table) => `${table.caption}\n\n${markdownTable(table)}`),
    claims
      .map((claim) => {
        const bound = claim.atMost === undefined ? `≥ ${claim.atLeast}` : `≤ ${claim.atMost}`;
        return `- ${holds(claim, quick) ? '✓' : '✗'} ${claim.what}: ${format(claim.value)} (${bound})`;
      })
      .join('\n'),
  ].join('\n\n');
}

export function machine(): string {
  return `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}`;
}

function markdownTable({ columns, rows }: Table): string {
  const cells = [columns, ...rows].map((row) => row.map((cell) => (typeof cell === 'number' ? format(cell) : cell)));
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => [...(row[column] ?? '')].length), 3));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => pad(row[column] ?? '', width, column > 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column > 0 ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`;
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join('\n');
}

function pad(text: string, width: number, right: boolean): string {
  const fill = ' '.repeat(width - [...text].length);
  return right ? fill + text : text + fill;
}

/**
 * Formats a number. Rounds it to an integer if it is 100 or more, otherwise to three significant figures. Returns `–`
 * if it is not finite.
 */
export function format(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}
