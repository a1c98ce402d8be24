import type { Measured, Scenario } from "./measure.ts";

type Column = ReadonlyMap<Scenario, Measured>;

const SCENARIOS: readonly Scenario[] = [
  "cold",
  "unchanged",
  "small dependency changed",
  "large dependency changed",
  "version raised",
  "source edited",
  "second application, cold",
  "second application",
];

/** The medians of all contenders side by side, in Markdown. */
export function comparison(columns: ReadonlyMap<string, Column>, rounds: number): string {
  const rows = SCENARIOS.flatMap((scenario) => [
    row(columns, `**${scenario}**: build`, scenario, ({ build }) => seconds(build)),
    row(columns, "… and export and push", scenario, ({ build, ship }) => seconds(build + ship)),
    row(columns, "… new bytes", scenario, ({ newBytes }) => megabytes(newBytes)),
    row(columns, "… steps executed, requests", scenario, ({ steps, requests }) => `${steps}, ${requests}`),
  ]);
  const whole = [
    row(columns, "**image** beyond its base", "cold", ({ size }) => megabytes(size)),
    row(columns, "… layers", "cold", ({ layers }) => `${layers}`),
  ];
  const head = [
    `| median of ${rounds} | ${[...columns.keys()].join(" | ")} |`,
    `| --- |${" ---: |".repeat(columns.size)}`,
  ];
  return [...head, ...rows, ...whole].join("\n");
}

function row(
  columns: ReadonlyMap<string, Column>,
  title: string,
  scenario: Scenario,
  value: (measured: Measured) => string,
): string {
  const cells = [...columns.values()].map((column) => {
    const measured = column.get(scenario);
    return measured === undefined ? "" : value(measured);
  });
  return `| ${[title, ...cells].join(" | ")} |`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}
