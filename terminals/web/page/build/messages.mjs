// The messages of proto/ as TypeScript: protoc or protoc-c (whichever is there) reads the files, and
// protoc-gen-es writes gen/*_pb.ts.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";

/** Gives the files of a folder as descriptors, with their comments. */
export function describe(protoDir, output) {
  const names = readdirSync(protoDir).filter((name) => name.endsWith(".proto"));
  const parameters = ["-I", protoDir, "--include_imports", "--include_source_info", `--descriptor_set_out=${output}`];
  for (const program of ["protoc", "protoc-c"]) {
    try {
      execFileSync(program, [...parameters, ...names], { stdio: ["ignore", "ignore", "inherit"] });
      return fromBinary(FileDescriptorSetSchema, readFileSync(output));
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
  }
  throw new Error("neither protoc (protobuf-compiler) nor protoc-c (protobuf-c-compiler) is installed");
}

// A descriptor in base64 hides from gzip what repeats in it: as a text of its bytes a page is 7 to 9 KB smaller.
function asText(content) {
  return content.replace(/fileDesc\("([\w+/=]+)"/g, (_, base64) => `fileDesc(btoa(${JSON.stringify(atob(base64))})`);
}

/** The content of gen/*.ts, by name ("dispatch_pb.ts"). */
export function messagesOf(descriptors, folder) {
  const request = create(CodeGeneratorRequestSchema, {
    fileToGenerate: descriptors.file.map((file) => file.name),
    parameter: "target=ts,import_extension=none",
    protoFile: descriptors.file,
  });
  const plugin = join(folder, "node_modules", "@bufbuild", "protoc-gen-es", "bin", "protoc-gen-es");
  const answer = execFileSync(process.execPath, [plugin], {
    input: toBinary(CodeGeneratorRequestSchema, request),
    maxBuffer: 64 * 1024 * 1024,
  });
  const response = fromBinary(CodeGeneratorResponseSchema, answer);
  if (response.error) throw new Error(`protoc-gen-es: ${response.error}`);
  return new Map(response.file.map((file) => [file.name, asText(file.content)]));
}

export function generateMessages(descriptors, folder) {
  for (const [name, content] of messagesOf(descriptors, folder)) {
    const path = join(folder, "gen", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}
