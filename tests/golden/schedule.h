/* Made by tests/golden/make_schedule.py; do not edit. */
static const double CONSTANT[5] = {
    0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x1.0000000000000p+0,
    0x1.0000000000000p+0,
};
static const double CONSTANT_WARM[15] = {
    0x1.2492492492492p-3, 0x1.2492492492492p-2, 0x1.b6db6db6db6dbp-2, 0x1.2492492492492p-1,
    0x1.6db6db6db6db7p-1, 0x1.b6db6db6db6dbp-1, 0x1.0000000000000p+0, 0x1.0000000000000p+0,
    0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x1.0000000000000p+0,
    0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x1.0000000000000p+0,
};
static const double STEP[12] = {
    0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x1.0000000000000p-1,
    0x1.0000000000000p-1, 0x1.0000000000000p-1, 0x1.0000000000000p-2, 0x1.0000000000000p-2,
    0x1.0000000000000p-2, 0x1.0000000000000p-3, 0x1.0000000000000p-3, 0x1.0000000000000p-3,
};
static const double STEP_TENTH[35] = {
    0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x1.0000000000000p+0,
    0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x1.0000000000000p+0,
    0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x1.999999999999ap-4, 0x1.999999999999ap-4,
    0x1.999999999999ap-4, 0x1.999999999999ap-4, 0x1.999999999999ap-4, 0x1.999999999999ap-4,
    0x1.999999999999ap-4, 0x1.999999999999ap-4, 0x1.999999999999ap-4, 0x1.999999999999ap-4,
    0x1.47ae147ae147cp-7, 0x1.47ae147ae147cp-7, 0x1.47ae147ae147cp-7, 0x1.47ae147ae147cp-7,
    0x1.47ae147ae147cp-7, 0x1.47ae147ae147cp-7, 0x1.47ae147ae147cp-7, 0x1.47ae147ae147cp-7,
    0x1.47ae147ae147cp-7, 0x1.47ae147ae147cp-7, 0x1.0624dd2f1a9fdp-10, 0x1.0624dd2f1a9fdp-10,
    0x1.0624dd2f1a9fdp-10, 0x1.0624dd2f1a9fdp-10, 0x1.0624dd2f1a9fdp-10,
};
static const double EXPONENTIAL[40] = {
    0x1.0000000000000p+0, 0x1.e666666666666p-1, 0x1.ce147ae147ae1p-1, 0x1.b6f9db22d0e55p-1,
    0x1.a106f69446737p-1, 0x1.8c2d03d9a9541p-1, 0x1.785df6db940fdp-1, 0x1.658c775099756p-1,
    0x1.53abd7bfc4fc5p-1, 0x1.42b00cf62e561p-1, 0x1.328da5e9df382p-1, 0x1.2339c404940eep-1,
    0x1.14aa13d126415p-1, 0x1.06d4c606b1247p-1, 0x1.f36111d983c53p-2, 0x1.da6904283d2e8p-2,
    0x1.c2b090bfd3b8fp-2, 0x1.ac27bcb63c561p-2, 0x1.96bf59ad1fb82p-2, 0x1.8268fb97aaeeep-2,
    0x1.6f16ef0348c95p-2, 0x1.5cbc2fdcb858dp-2, 0x1.4b4c60ab48bacp-2, 0x1.3abbc23c51e4ap-2,
    0x1.2aff2bb94dcc6p-2, 0x1.1c0c03233d1bcp-2, 0x1.0dd8362e46da6p-2, 0x1.005a3378c34f7p-2,
    0x1.e711c8323fe3bp-3, 0x1.ceb74afc897ebp-3, 0x1.b794873cb5d1fp-3, 0x1.a199e6e013210p-3,
    0x1.8cb89b54def8fp-3, 0x1.78e29390a09fbp-3, 0x1.660a729632315p-3, 0x1.5423867516154p-3,
    0x1.4321bfbc082dcp-3, 0x1.32f9a95907c51p-3, 0x1.23a060e160fb3p-3, 0x1.150b8f3c82883p-3,
};
static const double INVERSE[20] = {
    0x1.0000000000000p+0, 0x1.d1745d1745d17p-1, 0x1.aaaaaaaaaaaabp-1, 0x1.89d89d89d89d9p-1,
    0x1.6db6db6db6db7p-1, 0x1.5555555555555p-1, 0x1.4000000000000p-1, 0x1.2d2d2d2d2d2d3p-1,
    0x1.1c71c71c71c72p-1, 0x1.0d79435e50d79p-1, 0x1.0000000000000p-1, 0x1.e79e79e79e79ep-2,
    0x1.d1745d1745d17p-2, 0x1.bd37a6f4de9bdp-2, 0x1.aaaaaaaaaaaaap-2, 0x1.9999999999999p-2,
    0x1.89d89d89d89d8p-2, 0x1.7b425ed097b42p-2, 0x1.6db6db6db6db7p-2, 0x1.611a7b9611a7bp-2,
};
static const double COSINE[20] = {
    0x1.0000000000000p+0, 0x1.fcd924a17f22ep-1, 0x1.f378709a22a80p-1, 0x1.e41900e9e9636p-1,
    0x1.cf1bbcdcbfa54p-1, 0x1.b504f333f9de6p-1, 0x1.96791823aad2fp-1, 0x1.7438b8ad13780p-1,
    0x1.4f1bbcdcbfa54p-1, 0x1.280c16cf50a6fp-1, 0x1.0000000000000p-1, 0x1.afe7d2615eb25p-2,
    0x1.61c8864680b59p-2, 0x1.178e8ea5d9100p-2, 0x1.a61b9f7154b46p-3, 0x1.2bec333018868p-3,
    0x1.8722191a02d64p-4, 0x1.be6ff16169ca0p-5, 0x1.90f1ecbbab010p-6, 0x1.936daf406e941p-8,
};
static const double COSINE_MINIMUM[15] = {
    0x1.0000000000000p+0, 0x1.faf717d1d4d06p-1, 0x1.ec14b41f2f969p-1, 0x1.d3ff5d2d12e18p-1,
    0x1.b3c487718ebbap-1, 0x1.8ccccccccccccp-1, 0x1.60cc29f9dfae5p-1, 0x1.31aef08bb64ebp-1,
    0x1.018442a77ce49p-1, 0x1.a4ce1272a709ep-2, 0x1.4ccccccccccd0p-2, 0x1.fdbaaf0691de9p-3,
    0x1.7ccf58188146ep-3, 0x1.1c79fc500e726p-3, 0x1.c1e0db0af3167p-4,
};
static const double COSINE_RESTARTS[20] = {
    0x1.0000000000000p+0, 0x1.de0ba477da0d5p-1, 0x1.8147ae147ae15p-1, 0x1.028f5c28f5c29p-1,
    0x1.07ae147ae147dp-2, 0x1.38989ed08bbeap-4, 0x1.0000000000000p+0, 0x1.de0ba477da0d5p-1,
    0x1.8147ae147ae15p-1, 0x1.028f5c28f5c29p-1, 0x1.07ae147ae147dp-2, 0x1.38989ed08bbeap-4,
    0x1.0000000000000p+0, 0x1.de0ba477da0d5p-1, 0x1.8147ae147ae15p-1, 0x1.028f5c28f5c29p-1,
    0x1.07ae147ae147dp-2, 0x1.38989ed08bbeap-4, 0x1.0000000000000p+0, 0x1.de0ba477da0d5p-1,
};
static const double COSINE_WARM[32] = {
    0x1.999999999999ap-4, 0x1.999999999999ap-3, 0x1.3333333333333p-2, 0x1.999999999999ap-2,
    0x1.ec835e79946a3p-2, 0x1.2782057c25d95p-1, 0x1.58c25bbb817d8p-1, 0x1.8a02b1fadd21cp-1,
    0x1.8951414860e1cp-1, 0x1.b504f333f9de6p-1, 0x1.b504f333f9de6p-1, 0x1.b504f333f9de6p-1,
    0x1.61f78a9abaa59p-1, 0x1.61f78a9abaa59p-1, 0x1.61f78a9abaa59p-1, 0x1.61f78a9abaa59p-1,
    0x1.0000000000000p-1, 0x1.0000000000000p-1, 0x1.0000000000000p-1, 0x1.0000000000000p-1,
    0x1.3c10eaca8ab4fp-2, 0x1.3c10eaca8ab4fp-2, 0x1.3c10eaca8ab4fp-2, 0x1.3c10eaca8ab4fp-2,
    0x1.2bec333018868p-3, 0x1.2bec333018868p-3, 0x1.2bec333018868p-3, 0x1.2bec333018868p-3,
    0x1.37ca1866b95d1p-5, 0x1.37ca1866b95d1p-5, 0x1.37ca1866b95d1p-5, 0x1.37ca1866b95d1p-5,
};
static const struct {
    ScheduleConfig config;
    int64_t epochs, updates;
    const double *factor;
} CASES[] = {
    {{.kind = SCHEDULE_CONSTANT, .warmup = 0}, 5, 1, CONSTANT},
    {{.kind = SCHEDULE_CONSTANT, .warmup = 7}, 5, 3, CONSTANT_WARM},
    {{.kind = SCHEDULE_STEP, .every = 3, .factor = 0.5, .warmup = 0}, 12, 1, STEP},
    {{.kind = SCHEDULE_STEP, .every = 10, .factor = 0.1, .warmup = 0}, 35, 1, STEP_TENTH},
    {{.kind = SCHEDULE_EXPONENTIAL, .factor = 0.95, .warmup = 0}, 40, 1, EXPONENTIAL},
    {{.kind = SCHEDULE_INVERSE, .factor = 0.1, .warmup = 0}, 20, 1, INVERSE},
    {{.kind = SCHEDULE_COSINE, .warmup = 0}, 20, 1, COSINE},
    {{.kind = SCHEDULE_COSINE, .minimum = 0.1, .warmup = 0}, 15, 1, COSINE_MINIMUM},
    {{.kind = SCHEDULE_COSINE, .period = 6, .minimum = 0.01, .warmup = 0}, 20, 1, COSINE_RESTARTS},
    {{.kind = SCHEDULE_COSINE, .warmup = 10}, 8, 4, COSINE_WARM},
};
