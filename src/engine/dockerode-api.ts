import type { Duplex, Readable } from "node:stream";
import type Docker from "dockerode";
import type { EngineApi, ImageAnswer, InfoAnswer, VersionAnswer, WaitAnswer } from "./engine-api.ts";
import { toEngineError } from "./to-engine-error.ts";

/** The requests of `EngineApi`, made by dockerode. */
export function dockerodeApi(docker: Docker): EngineApi {
  return {
    version: () => ask("asking for the version", docker.version() as Promise<VersionAnswer>),
    info: () => ask("asking for the settings", docker.info() as Promise<InfoAnswer>),

    inspectImage: (reference) =>
      ask(`inspecting ${reference}`, docker.getImage(reference).inspect() as Promise<ImageAnswer>),
    saveImage: (reference) => ask(`saving ${reference}`, docker.getImage(reference).get() as Promise<Readable>),
    loadImage: (archive) => ask("loading an image", docker.loadImage(archive) as Promise<Readable>),
    removeImage: async (reference) => {
      await ask(`removing ${reference}`, docker.getImage(reference).remove({ force: true }));
    },

    createContainer: async (request) => {
      const body = structuredClone(request) as Docker.ContainerCreateOptions;
      return (await ask(`creating a container of ${request.Image}`, docker.createContainer(body))).id;
    },
    attachContainer: async (id, direction) => {
      const output = direction === "output";
      const options = { stream: true, hijack: true, stdin: !output, stdout: output, stderr: output };
      const stream = await ask("attaching", docker.getContainer(id).attach(options));
      // An error may come before anybody reads; who reads sees it all the same.
      return (stream as Duplex).on("error", () => {});
    },
    startContainer: async (id) => {
      await ask("starting the container", docker.getContainer(id).start());
    },
    inspectContainer: (id) => ask("inspecting the container", docker.getContainer(id).inspect()),
    waitContainer: (id) => ask("waiting for the container", docker.getContainer(id).wait() as Promise<WaitAnswer>),
    stopContainer: async (id, seconds) => {
      await ask("stopping the container", docker.getContainer(id).stop({ t: seconds }));
    },
    removeContainer: async (id) => {
      await ask("removing the container", docker.getContainer(id).remove({ force: true, v: true }));
    },
  };
}

async function ask<Answer>(doing: string, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw toEngineError(error, doing);
  }
}
