"""The seed's W4A16 GEMM in Triton: C[M,N] = A[M,K] * W[N,K]^T with 4-bit weights, dequantised tile by tile.

One program makes one BM x BN tile of C: axis 0 counts M tiles, axis 1 N tiles, in that order and without regrouping.
Operands and words are those of ../abi.h. The structure (what is masked, when scales are loaded, what is recomputed in
every step) follows the published kernel, because its published times are what models are held against; README.md says
where this one differs.
"""

import triton
import triton.language as tl


@triton.jit
def pairs_as_halves(words):
    """The lowest nibble of either half of a 32-bit word as two fp16, each 1024 + nibble.

    A nibble in the low mantissa bits of 1024.0 (0x6400) adds exactly itself. One instruction for two weights; Triton
    makes two of 16 bits each from the same expression.
    """
    nibbles = tl.full(words.shape, 0x000F000F, tl.int32)
    return tl.inline_asm_elementwise(
        "v_and_or_b32 $0, $1, $2, 0x64006400",
        "=v,v,v",
        [words, nibbles],
        dtype=tl.uint32,
        is_pure=True,
        pack=1,
    )


@triton.jit
def unpack_packed(words, BN: tl.constexpr, BK: tl.constexpr):
    """[BN, BK / 8] words to [BN, BK] fp16, each 1024 + q: pair i of a word is (words >> 4 i) & 0x000F000F."""
    shifts = tl.arange(0, 4) * 4
    pairs = pairs_as_halves(tl.reshape(words[:, :, None] >> shifts[None, None, :], (BN, BK // 2)))
    even = (pairs & 0xFFFF).to(tl.uint16).to(tl.float16, bitcast=True)
    odd = (pairs >> 16).to(tl.uint16).to(tl.float16, bitcast=True)
    return tl.interleave(even, odd)


@triton.jit
def unpack_scalar(words, BN: tl.constexpr, BK: tl.constexpr):
    """[BN, BK / 8] words to [BN, BK] integers 0..15, a shift and a mask each."""
    position = tl.arange(0, 8)  # within a word: 0 16 4 20 8 24 12 28
    shifts = (position // 2) * 4 + (position % 2) * 16
    shifts = tl.reshape(tl.broadcast_to(shifts[None, :], (BK // 8, 8)), (BK,))
    q = tl.interleave(words, words)
    q = tl.interleave(q, q)
    q = tl.interleave(q, q)
    return (q >> tl.broadcast_to(shifts[None, :], (BN, BK))) & 0xF


@triton.jit
def one_word(low, high):
    """[BN] and [BN] fp16 as [BN, 1] each, brought to W's layout in one word: one way through LDS instead of two."""
    word = (high.to(tl.uint16, bitcast=True).to(tl.uint32) << 16) | low.to(tl.uint16, bitcast=True).to(tl.uint32)
    # Opaque to the compiler, which would else bring both halves over before it packs them.
    word = tl.inline_asm_elementwise("; $0 = $1", "=v,0", [word], dtype=tl.uint32, is_pure=True, pack=1)[:, None]
    return (
        (word & 0xFFFF).to(tl.uint16).to(tl.float16, bitcast=True),
        (word >> 16).to(tl.uint16).to(tl.float16, bitcast=True),
    )


@triton.jit
def step(
    k_tile, acc, a_ptr, w_ptr, scales_ptr, zeros_ptr, rows, columns, m, n, k, a_pitch, w_pitch, scale_pitch, group_size,
    HAS_ZP: tl.constexpr, PACKED: tl.constexpr, CLAMP: tl.constexpr, BM: tl.constexpr, BN: tl.constexpr,
    BK: tl.constexpr,
):
    """Adds the product of one K tile. BK divides the group size, so a K tile has one scale a column."""
    inner = k_tile * BK + tl.arange(0, BK)
    a_mask = (rows[:, None] < m) & (inner[None, :] < k)
    a = tl.load(a_ptr + rows[:, None] * a_pitch + inner[None, :], mask=a_mask, other=0.0)
    word = k_tile * (BK // 8) + tl.arange(0, BK // 8)
    w_mask = (columns[:, None] < n) & (word[None, :] < k // 8)
    words = tl.load(w_ptr + columns[:, None] * w_pitch + word[None, :], mask=w_mask, other=0)
    first = k_tile * BK
    if CLAMP:  # a step of the unrolled loop may lie behind K; what it multiplies is zero, but its scale must exist
        first = tl.minimum(first, k - BK)
    group = columns * scale_pitch + first // group_size
    scales = tl.load(scales_ptr + group, mask=columns < n, other=1.0)
    if PACKED:  # fp16; 1024 + z and 1024 + 8 are exact, and so is what remains of q
        zero = tl.full((), 1024.0, tl.float16)
        if HAS_ZP:
            zeros = tl.load(zeros_ptr + group, mask=columns < n, other=0.0)
            scale, offset = one_word(scales, -zeros * scales)
            b = tl.fma(unpack_packed(words, BN, BK) - zero, scale, offset)
        else:
            b = (unpack_packed(words, BN, BK) - (zero + 8)) * scales[:, None]
    else:
        q = unpack_scalar(words, BN, BK)
        if HAS_ZP:
            zeros = tl.load(zeros_ptr + group, mask=columns < n, other=0.0)
            b = (q.to(scales.dtype) - zeros[:, None]) * scales[:, None]
        else:
            b = (q - 8).to(scales.dtype) * scales[:, None]
    acc += tl.dot(a, tl.trans(b), out_dtype=tl.float32)
    return acc


@triton.jit
def w4_triton(
    a_ptr, w_ptr, scales_ptr, zeros_ptr, c_ptr, m, n, k, a_pitch, w_pitch, scale_pitch, c_pitch, group_size,
    HAS_ZP: tl.constexpr, PACKED: tl.constexpr, BM: tl.constexpr, BN: tl.constexpr, BK: tl.constexpr,
    UNROLL_K: tl.constexpr,
):
    rows = tl.program_id(0) * BM + tl.arange(0, BM)
    columns = tl.program_id(1) * BN + tl.arange(0, BN)
    acc = tl.zeros((BM, BN), dtype=tl.float32)
    for k_outer in range(0, tl.cdiv(k, BK * UNROLL_K)):
        for u in tl.static_range(UNROLL_K):
            acc = step(
                k_outer * UNROLL_K + u, acc, a_ptr, w_ptr, scales_ptr, zeros_ptr, rows, columns, m, n, k, a_pitch,
                w_pitch, scale_pitch, group_size, HAS_ZP, PACKED, UNROLL_K > 1, BM, BN, BK,
            )
    c_mask = (rows[:, None] < m) & (columns[None, :] < n)
    tl.store(c_ptr + rows[:, None] * c_pitch + columns[None, :], acc.to(c_ptr.dtype.element_ty), mask=c_mask)
