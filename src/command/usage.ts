/** What \`microb --help\` prints. */
export const USAGE: string = `microb: container images from pyproject.toml

In a project, with "# syntax=microb/microb" as the first line of pyproject.toml:

  docker build -f pyproject.toml .

Without Node, run the command line from the image of the frontend:

  docker run --rm -v "$PWD:/src" -w /src microb/microb -dockerfile

Usage: microb [options]

  -dockerfile        print the image as a Dockerfile
  -llb               write the image as an LLB definition, for "buildctl build"
  -buildkit          serve BuildKit on standard input and output (as a build starts the image)
  -filename FILE     the build file (default: pyproject.toml)
  -context DIR       the build context (default: the working directory, if the build file is below it, else the
                     directory of the build file)
  -target NAME       the target; -app NAME is the same
  --build-arg K=V    a variable for env and labels; may be given several times
  --help             print this
  --version          print the version

Options take one dash or two, and values after a space or "=".
`;
