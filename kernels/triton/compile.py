#!/usr/bin/env python3
"""Compiles one row of variants.def: a code object and a description for each of its kernels.

    compile.py --out FOLDER BM BN BK WAVES NUM_STAGES UNROLL_K UNPACK TYPES     (TYPES: fp16 or fp16|bf16)

Writes FOLDER/triton-BMxBNxBK-wWAVES-sSTAGES-uUNROLL-UNPACK-TYPE-g128-sym.hsaco (and -zp) and, beside each, the same name
with .json: what a launch needs and the code object does not say. No GPU is needed.
"""

import argparse
import json
import os
import sys
import tempfile

GROUP_SIZE = 128  # the kernel takes any; what is compiled for it is what the suite lists

# What the JIT of a PyTorch program would find out from the arguments, and specialise on: pointers are aligned to 16 bytes
# and their tensors below 2 GiB (masked loads then become buffer loads instead of branches); K, the pitches of A and W
# and the group size are multiples of 16. M, N and the other pitches are left general, so that one kernel serves all.
POINTER = [["tt.divisibility", 16], ["tt.pointer_range", 32]]
MULTIPLES_OF_16 = ("k", "a_pitch", "w_pitch", "group_size")
TARGET = ("hip", "gfx1151", 32)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default=".")
    for name in ("bm", "bn", "bk", "waves", "num_stages", "unroll_k"):
        parser.add_argument(name, type=int)
    parser.add_argument("unpack", choices=("scalar", "packed"))
    parser.add_argument("types", type=lambda text: text.split("|"))
    return parser.parse_args()


def kernels_of(row):
    """(name, type, has zero points) of every kernel of the row."""
    tile = f"{row.bm}x{row.bn}x{row.bk}-w{row.waves}-s{row.num_stages}-u{row.unroll_k}-{row.unpack}"
    return [
        (f"triton-{tile}-{type_name}-g{GROUP_SIZE}-{tag}", type_name, tag == "zp")
        for type_name in row.types
        for tag in ("sym", "zp")
    ]


def import_triton(cache):
    """Imports Triton with nothing of the environment in force that changes what it makes."""
    for name in list(os.environ):
        if name.startswith(("TRITON_", "AMDGCN_", "MLIR_", "LLVM_", "DISABLE_LLVM_OPT")):
            del os.environ[name]
    os.environ["TRITON_CACHE_DIR"] = cache
    sys.dont_write_bytecode = True
    import triton

    return triton


def place_independent(triton, kernel):
    """Line tables name files relative to the project, so that a code object is the same wherever the tree lies."""
    for module, path in ((kernel, "kernels/triton/kernel.py"), (triton.language.standard, "triton/language/standard.py")):
        for thing in vars(module).values():
            if isinstance(thing, triton.runtime.jit.JITFunction):
                thing.fn.__code__ = thing.fn.__code__.replace(co_filename=path)


def compile_kernel(triton, kernel, row, type_name, has_zp):
    function = kernel.w4_triton
    constants = {"HAS_ZP": has_zp, "PACKED": row.unpack == "packed", "BM": row.bm, "BN": row.bn, "BK": row.bk,
                 "UNROLL_K": row.unroll_k}
    signature, attributes = {}, {}
    for position, name in enumerate(function.arg_names):
        if name in constants:
            signature[name] = "constexpr"
        elif name.endswith("_ptr"):
            signature[name] = "*i32" if name == "w_ptr" else "*" + type_name
            attributes[(position,)] = POINTER
        else:
            signature[name] = "i32"
            if name in MULTIPLES_OF_16:
                attributes[(position,)] = [["tt.divisibility", 16]]
    values = {(function.arg_names.index(name),): value for name, value in constants.items()}
    source = triton.compiler.ASTSource(function, signature, values, attributes)
    options = {"num_warps": row.waves, "num_stages": row.num_stages}
    return triton.compile(source, target=triton.backends.compiler.GPUTarget(*TARGET), options=options)


def write(path, data):
    """Atomically, so that an interrupted build leaves no half a file."""
    with open(path + ".part", "wb") as file:
        file.write(data)
    os.replace(path + ".part", path)


def main():
    row = parse_arguments()
    with tempfile.TemporaryDirectory() as cache:
        triton = import_triton(cache)
        import kernel

        place_independent(triton, kernel)
        for name, type_name, has_zp in kernels_of(row):
            compiled = compile_kernel(triton, kernel, row, type_name, has_zp)
            description = {"compiler": "triton " + triton.__version__, "dynamic_lds_bytes": compiled.metadata.shared,
                           "symbol": compiled.metadata.name}
            path = os.path.join(row.out, name)
            write(path + ".json", json.dumps(description, indent=2, sort_keys=True).encode() + b"\n")
            write(path + ".hsaco", compiled.asm["hsaco"])


if __name__ == "__main__":
    main()
