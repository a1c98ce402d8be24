import { atValue } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { type BaseImage, type BaseImages, type BaseResolver, resolveBases } from "../emit/base-images.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import { image } from "../llb/image.ts";
import { marshal } from "../llb/marshal.ts";
import { selectPackages } from "../lock/select-packages.ts";
import type { TargetEnvironment } from "../lock/target-environment.ts";
import { formatPlatform, type Platform } from "../oci/platform.ts";
import type { ImagePlan } from "../plan/image-plan.ts";
import type { LockedInstall } from "../plan/locked-install.ts";
import { libcOfHistory, libcOfRelease, pythonVersionOf } from "../units/base-facts.ts";
import { lowerPlan } from "../units/lower-plan.ts";

/** A plan that is to be completed for a platform, and who knows about images. */
export type Incomplete = Readonly<{
  plan: ImagePlan;
  platform: Platform;
  /** That of the machine that builds. */
  buildPlatform: Platform;
  bases: BaseImages;
  resolver: BaseResolver;
  source: SourceText;
}>;

/** A plan that can be emitted, and the images for the platform of the machine that builds. */
export type Completed = Readonly<{
  plan: ImagePlan;
  bases: BaseImages;
  build?: Readonly<{ platform: Platform; bases: BaseImages }>;
}>;

/**
 * Chooses the files of a lock for one platform, by what its base image is, and puts them into the plan.
 * @throws UserError
 */
export async function completePlan(client: GatewayClient, question: Incomplete): Promise<Completed> {
  const { plan, platform, buildPlatform, bases, resolver } = question;
  const { locked } = plan;
  const base = locked && bases.get(locked.base);
  if (locked === undefined || base === undefined) return { plan, bases };
  const isNative = formatPlatform(platform) === formatPlatform(buildPlatform);
  const [environment, buildBase] = await Promise.all([
    targetEnvironment(client, base, question, locked),
    isNative ? base : resolver.resolveImage(locked.base, buildPlatform).catch(() => undefined),
  ]);
  const { pythonVersion } = environment;
  const runsOnBuildPlatform = buildBase !== undefined && pythonVersionOf(buildBase.config) === pythonVersion;
  const packages = selectPackages(locked.lock, environment);
  const complete = lowerPlan(plan, { packages, environment, runsOnBuildPlatform });
  return {
    plan: complete,
    bases: await resolveBases(complete, resolver, platform, bases),
    build: { platform: buildPlatform, bases: new Map(buildBase === undefined ? [] : [[locked.base, buildBase]]) },
  };
}

async function targetEnvironment(
  client: GatewayClient,
  base: BaseImage,
  { platform, source }: Incomplete,
  { base: name, origin }: LockedInstall,
): Promise<TargetEnvironment> {
  const unknown = (what: string): UserError =>
    new UserError({
      code: "lock.base",
      message: `the image ${name} does not state ${what}, which decides which files of the lock are installed`,
      place: atValue(source, ...origin),
      help: "base the image on an official Python image, or set lock = false",
    });
  const pythonVersion = pythonVersionOf(base.config);
  if (pythonVersion === undefined) throw unknown("its version of Python (PYTHON_VERSION)");
  const libc = libcOfHistory(base.config) ?? libcOfRelease(await readRelease(client, base, platform));
  if (libc === undefined) throw unknown("its C library (by /etc/os-release)");
  return { platform, pythonVersion, libc };
}

/** The file by which a distribution says what it is; the one in /etc is a link to the other, if it has both. */
async function readRelease(client: GatewayClient, { root, reference }: BaseImage, platform: Platform): Promise<string> {
  const filesystem = root ?? image({ reference, platform, name: `[internal] look at ${reference}` });
  const solved = await client.solve({ definition: marshal(filesystem) });
  return (await solved.readText("usr/lib/os-release")) ?? (await solved.readText("etc/os-release")) ?? "";
}
