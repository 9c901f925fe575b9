/* Made by tests/golden/make_synthetic.py with NumPy 1.24.2, scikit-learn 1.2.1;
 * do not edit. */
static const double MOONS_X[400] = {
    0x1.7ca6f17b3608bp-1, 0x1.dbcede5909f0fp-2, 0x1.a855a168a8f3cp+0, -0x1.4399a44ea147ap-1,
    -0x1.453308fab58c8p-3, 0x1.05fc23a13a89ep-2, -0x1.16b873728305ep+0, -0x1.9678442250deep-2,
    0x1.c49f0e3ec9d4bp+0, -0x1.0489db031c756p-2, 0x1.f44420a54e321p+0, -0x1.072e0bb06f1d0p-3,
    0x1.dfb74dae9527bp-1, 0x1.76c109859e245p-2, 0x1.c4d8b6ba7e3acp-1, -0x1.e7607cb1b802ap-2,
    0x1.9e771b35b7ec4p-1, 0x1.66ef86d6bf09bp-2, 0x1.3a51b277cd317p+0, -0x1.4bb3230d7a054p-1,
    -0x1.89c59416ac8d0p-2, 0x1.04b11e51f3121p-1, 0x1.7af7a99e65e68p-4, -0x1.43c5e1952043fp-2,
    0x1.cb99de091908fp+0, -0x1.4a17aab044bf3p-2, 0x1.70493c6d63c14p+0, -0x1.4383bce349dd6p-3,
    -0x1.a5b546ebeb792p-1, 0x1.bc8851d4d1d5fp-1, 0x1.fe1f7c7f6fe87p-1, 0x1.62834016c72dap-3,
    0x1.53e8ff6caa9aep-1, 0x1.e4a852512f894p-1, 0x1.0ef087eebec4ep-3, -0x1.0a92f28e5ac77p-2,
    0x1.fc5d208999eedp-3, 0x1.9274d80f57c20p-1, -0x1.0100f7bfaec6fp+0, 0x1.26ee371bfc4ccp+0,
    0x1.0a81bdb0e86c9p+1, 0x1.d4fabc31863b4p-8, 0x1.bddb419dd45d3p-1, -0x1.bf24ecf31a4e3p-2,
    0x1.7da0aec042d15p-2, 0x1.04764b2dc96d9p+0, 0x1.4471a834d6001p+0, -0x1.e3e35c83a5768p-4,
    -0x1.0fc5d2f56d5f9p-3, 0x1.443badace2048p+0, 0x1.a060fea4e9585p-3, 0x1.8fc22749f0748p-3,
    0x1.fbd661c0ea138p+0, -0x1.cbaa81a9da73cp-4, 0x1.d3d6b89d50db8p+0, -0x1.f984fc8bb6f90p-6,
    -0x1.3c0954e15e810p-5, 0x1.57664d0b5c02ep-4, 0x1.128409aba7f04p-5, 0x1.43248ae7567dep-1,
    0x1.e2450536618b0p-1, 0x1.439b6976feff5p-1, -0x1.90b5e9b38c45cp-2, 0x1.a312f53d183cap-2,
    0x1.c46357c30ae54p-1, -0x1.6f4c0666a3ce0p-2, -0x1.75f461a8886f0p-7, 0x1.37ae6ee963ccdp-2,
    0x1.847da6814e98cp-1, 0x1.85697d8f6cf0ap-1, 0x1.cb4d080acd93ep+0, 0x1.220810c39f612p-2,
    0x1.1f5131a872a21p-1, -0x1.0e5cf101a7408p-5, 0x1.be441243ff965p-1, 0x1.1924f895f18d0p-6,
    -0x1.80fb8e4958107p-1, 0x1.46a5bacc8dd80p-1, -0x1.c0be12741e0bcp-3, 0x1.fc8c38032371fp-2,
    0x1.46348139fb737p-1, -0x1.1c59b259c6582p-1, -0x1.0571248223243p-2, 0x1.add819674dbb0p-1,
    0x1.27b208d053139p-1, 0x1.4a915872733b1p-1, 0x1.4648ece9bfd90p-3, -0x1.d084376fd07b8p-6,
    0x1.8870af375f7dcp+0, -0x1.737c24bfa88f5p-2, -0x1.f8cfa5dd91439p-3, 0x1.17636665d834ap+0,
    0x1.2a1848317f492p+0, 0x1.ea2337737a450p-7, -0x1.695771f5f9037p-1, 0x1.19003fc56108dp-1,
    0x1.5a810e7149f51p-3, -0x1.3c5f21b061d24p-2, 0x1.12604abe68e61p+0, -0x1.9b0dd00948691p-2,
    -0x1.cb494282cdaeap-1, 0x1.c0fa57a98e0afp-1, 0x1.ee6ffe6dd28a6p-2, -0x1.b758388b68102p-3,
    0x1.20afbc46078b6p+1, 0x1.d505b4da699dep-6, -0x1.401e522363278p-1, 0x1.3ce9ea0f0973dp-5,
    0x1.3a6c37bfc3c56p+0, -0x1.009c2f4600d88p-1, 0x1.af59f0c3f272fp-1, 0x1.1d54376c38dd4p-1,
    0x1.d593fe1506437p-2, 0x1.00df12541bfa4p-1, 0x1.f5ec7255da358p-1, -0x1.22dfcba3e3e2ap-1,
    0x1.b226585e9b07ep-4, 0x1.cf6eac9cf5dafp-1, -0x1.ba0207a519072p-3, 0x1.0903f18bfeab4p+0,
    0x1.13516c4b45178p-4, -0x1.51bb208b041dbp-3, -0x1.1427ef3b8a08ap+0, 0x1.773c796ef171dp-2,
    0x1.9a0a6e03dca54p+0, -0x1.81133ccfd3a2dp-2, 0x1.06a2e7e921c53p+0, 0x1.af8c76dee5cf4p-2,
    0x1.11408beeece72p+0, -0x1.8d24a5dce0c7dp-2, -0x1.5ac8673f0cee0p+0, 0x1.2417f369db8c9p-2,
    -0x1.a9ad2a6c296b2p-3, 0x1.1726bea7d414ap+0, 0x1.9dd492a88ca04p+0, -0x1.2dc47b4cd1083p-2,
    0x1.0e158d84cf85bp-2, 0x1.d485d8c7be957p-1, -0x1.ff00a6a0c4240p-1, 0x1.3f97db1a18081p-1,
    0x1.3ed746b3836afp-1, -0x1.0e5c1a3717cffp-1, -0x1.1659f62432678p+0, 0x1.9004ba8017e36p-1,
    0x1.9dd5c28f8ebc0p-7, -0x1.31be22949e596p-1, -0x1.0f1f21b7a1382p-1, 0x1.62da7c1f20948p-1,
    0x1.913738581f741p-1, -0x1.08a4df6fc1c9ap-2, -0x1.e29fadfcd09a1p-1, 0x1.2529aa86b6562p-1,
    0x1.72a29e5d6558fp-4, 0x1.6cedba23f626cp-4, 0x1.fe8c8201bab96p-1, 0x1.66941458b6f2fp-2,
    0x1.da214f9034ff8p-2, 0x1.ba544546e3b63p-1, 0x1.6f8d961da9414p-1, -0x1.8da78b0339a94p-4,
    0x1.111030bfc2698p+1, 0x1.cac4c468d423bp-4, -0x1.a89f6e188926cp-2, 0x1.d85811b6cba90p-1,
    0x1.3f2d64e66fa0cp-1, -0x1.6371b6ae39630p-1, 0x1.065ca8c3fea5dp+1, 0x1.53ce44013217ap-1,
    -0x1.cefd93e073230p-9, 0x1.b80e198b75d52p-3, -0x1.1af38cb480ad2p-2, 0x1.5773c83cbfda0p+0,
    0x1.a52f3f5c2283cp-1, -0x1.7bb0aecf5eb1cp-6, -0x1.dd495ba987382p-2, 0x1.f9ad1a23ebc7cp-1,
    0x1.49dd114c39b02p-1, -0x1.72c9d6ccfdcd8p-2, 0x1.f781e3d706f79p+0, 0x1.0f069f596b270p-2,
    0x1.6bd4f6588b271p-1, 0x1.9eabeda77909cp-1, 0x1.20d1f24924ce8p+0, 0x1.dda0ed21307f8p-2,
    0x1.fdd30ccd1e9a6p+0, 0x1.9f4fa29c1ad80p-6, -0x1.53abd96b0e426p-1, 0x1.b4be4dffc80bap-1,
    0x1.05959e663acacp+1, 0x1.f70f3c1c6eea8p-3, 0x1.c6160d0f04168p+0, -0x1.aea64df9b6cd8p-4,
    0x1.c601bc91be602p+0, -0x1.5d35b0cdf4a1ep-2, 0x1.529ffccd4cd66p-1, -0x1.40a80b5b919c2p-2,
    -0x1.2788937b7ab76p+0, 0x1.9f7af1cf4db93p-2, 0x1.55681e0799e5ep-5, -0x1.31a5b5f651d80p-4,
    0x1.677dde5686389p+0, -0x1.dd37782c7a219p-1, 0x1.fe40d50588b08p+0, 0x1.f4c6db8d4dfc0p-2,
    0x1.69f335e2630b9p-3, 0x1.51611189458b0p+0, 0x1.1f9a2c556ba2ep+0, -0x1.876d5ab2b5080p-4,
    -0x1.47c611477ff14p-1, 0x1.8118ac62c18b4p-1, 0x1.6236a59d85d71p-3, 0x1.33e4d6044a223p-1,
    -0x1.f3f0c083c251fp-1, 0x1.27f73ea004866p-5, -0x1.208d3da74dca7p-1, 0x1.28621e68763b9p+0,
    0x1.9aba045a9f7ccp+0, -0x1.67976cd652a24p-2, 0x1.122deddc69941p-3, 0x1.638cb58dcf6b6p-1,
    -0x1.32bccfb4419e6p-1, 0x1.89be5a11513b3p-1, 0x1.a33d368144d10p-4, 0x1.17e005d0960a2p+0,
    -0x1.c38810432ff87p-3, 0x1.488f79dd19101p+0, -0x1.688896877592cp-1, 0x1.39d93ba22d04fp-2,
    0x1.ea087cf7cd455p-1, 0x1.385789b0e853ep-2, 0x1.a8cc0b3c824c4p+0, -0x1.683334d9c1862p-1,
    0x1.834fb9c621b30p-3, 0x1.4c393e8dac5b3p-1, 0x1.038ce0e309666p+1, 0x1.00383b7399940p-2,
    0x1.4d9b6c125d383p-1, -0x1.a0899c46d0a19p-2, 0x1.1d20aefa51c12p-1, 0x1.0b7a565907bdap-2,
    0x1.a2e6035e27306p-1, 0x1.943d05aa5a656p-1, -0x1.ef4753bc7c298p-2, 0x1.bf480224ca4a4p-2,
    -0x1.2ddf263405ff2p-3, 0x1.cdf36991da4d9p-3, 0x1.e4c0ba718606cp-4, 0x1.fbadc86701dabp-1,
    -0x1.02983d21920ddp-2, 0x1.808bf83e33eaep-3, -0x1.ddc3e64afd820p-1, 0x1.77bc718f298e1p-1,
    0x1.65218d18a051dp-1, -0x1.e4a9ea4f07507p-4, 0x1.5552adb92521cp-2, 0x1.1edae133a558fp-3,
    0x1.10b081947cf33p+0, -0x1.8e01ff2bfc7dbp-2, 0x1.efdefa051b9b2p+0, 0x1.43225f120e6e7p-1,
    0x1.0ef3edf546f99p+0, 0x1.0983e5d9602c2p-1, -0x1.044e3c4c950e7p-1, 0x1.1aedb9303c558p-1,
    -0x1.52337b459c15cp+0, 0x1.075c5d96b9d33p-1, 0x1.2d9154bffd919p-2, -0x1.0b0c5f0a2400ap-2,
    0x1.56273cafb8812p+0, -0x1.70c20b6f48ecep-3, 0x1.832d6b2cac078p+0, 0x1.c5e42d463af34p-4,
    0x1.04f3feb2b44c8p+0, -0x1.70826ff3ce056p-3, -0x1.220fe1a129385p+0, 0x1.c7106512016aep-4,
    0x1.098dbf1c128f5p+1, 0x1.066b4192f4c73p-1, 0x1.781295a418b26p-1, 0x1.11ba252a7698cp-1,
    -0x1.f4433991cf1acp-4, 0x1.392e5015ef05ep-3, -0x1.c87261d3ddbf0p-5, 0x1.254ef266fe61ep-1,
    0x1.cd45792e831d2p-2, 0x1.188a30aabd078p+0, -0x1.70e03cf315afep-1, 0x1.046ff887f12d2p+0,
    -0x1.59137261f3949p-2, 0x1.c7fd96deacb56p-1, 0x1.1018bd73593e1p+0, 0x1.60e6aa493c0cbp-3,
    0x1.5c36ff9fbf80cp-2, 0x1.4ca90a10c7cb9p-2, 0x1.3eb2c89716e13p+0, -0x1.070b35956b7a2p-1,
    0x1.3d17848b05b8ap-2, 0x1.2ab1c956d5c8ep+0, -0x1.f4df35a989e68p-5, -0x1.de96a33bc1bc0p-6,
    0x1.ee67a23d05a50p-2, -0x1.ba53fb9adf03ep-2, 0x1.aff5ad7b9c9dbp+0, -0x1.5fdd7d16558a0p-1,
    0x1.9e0394551f9ddp-1, 0x1.22f931a09341ep-2, 0x1.313eee3ab6601p-2, 0x1.a4ec2b2d9c0c3p-1,
    0x1.b305f0f71dddfp-1, -0x1.38652ca27ab53p-2, -0x1.8557a15a8db82p-2, 0x1.c4aed09332c93p-1,
    0x1.53ccd66ca23e2p+0, -0x1.ec1a3fdd7a270p-2, 0x1.ddf1633c53298p-3, 0x1.b857e02eda710p-4,
    0x1.607849e9f02f7p-1, 0x1.2693232b72b3cp+0, 0x1.5b1de322967afp-1, 0x1.8f7c3fe17a532p-1,
    0x1.5bbdd21bfc2d8p-2, -0x1.6c5b5097041c8p-6, 0x1.4dedbbb21a1d3p+0, -0x1.0f1bd38d6749dp-1,
    0x1.81932b45ccef4p-1, 0x1.b49360c369a52p-1, 0x1.6e0cec79d4140p+0, -0x1.afb91377f27f8p-3,
    0x1.1cd5d92c06e0ap-1, -0x1.6a66b4095a712p-1, 0x1.742f1ef898a71p+0, 0x1.0479b8a7523f4p-3,
    0x1.48107cd914b8bp-2, 0x1.bed45ae966d05p-1, 0x1.101e56b941fe9p-1, -0x1.18d292c78f7e9p-2,
    0x1.843f0b92d6244p+0, -0x1.cd8390ba0c86ap-2, 0x1.ff1c767923916p-1, -0x1.9e9ce4bfc37c4p-1,
    0x1.4742fe0b212bap-1, 0x1.eea062967bed0p-1, -0x1.491c7211b15f0p+0, 0x1.b557356432500p-4,
    -0x1.1412a6a3c31ccp+0, 0x1.20c7ea432d04ep-1, -0x1.27828f9ee9133p-1, 0x1.2d498e28d7592p-2,
    0x1.04220297b89dcp-2, -0x1.a60d8d472e110p-8, 0x1.d59eb0363fc9dp-1, -0x1.2fb15af988090p-2,
    0x1.6f0dfb32169f0p+0, 0x1.6237a292bad7ep-1, -0x1.6ac20b1902cddp-1, 0x1.fc163ad924bbcp-2,
    -0x1.4b2dceee85c1cp-1, 0x1.e0fc51d8db276p-2, 0x1.34ab45f182dc5p-2, 0x1.872922f126276p-1,
    0x1.7b0ed212304b1p+0, -0x1.6ddb0457a157ap-2, -0x1.06d1da81de57dp+0, 0x1.a68fe15a1ba40p-2,
    0x1.e58825fdeb5f2p+0, 0x1.043b338d0139cp-2, 0x1.05710a7248f62p+1, -0x1.d7cdc80849063p-2,
    0x1.ed3e308c3759dp+0, 0x1.a1f9d7300ff78p-2, 0x1.6e3f254c81276p-2, 0x1.16580df0e8f76p+0,
    0x1.fc0873f846d90p-4, 0x1.5a7c592f42234p-1, 0x1.f2571ccff9975p-1, -0x1.691df880f7fb8p-1,
    -0x1.7537ec0976df6p-1, 0x1.c465b27c06938p-2, -0x1.65b2e94cc6df0p-1, 0x1.8d6a7849c7ab9p-1,
    -0x1.dece46dac4ef8p-1, 0x1.bda72c4c6d76dp-2, 0x1.ce82634adb5ddp-2, 0x1.0079913625c3fp+0,
    0x1.c0a9ec475a876p-1, 0x1.2877eda399ef4p-2, 0x1.c35b982183bc4p-1, 0x1.ea00eb90fe828p-3,
    -0x1.3f4a0a9b70729p-4, 0x1.1eabe5c9c2508p-2, -0x1.2097e94033025p-1, 0x1.c8a6bffd54843p-1,
    0x1.9ae0022bb8cacp+0, 0x1.1b59f3214c1e3p-3, 0x1.1b9a88229197ep-2, 0x1.8cc2925f70d0ep-7,
    0x1.096a3a9fcda98p-2, 0x1.0a81bc9b856fbp+0, 0x1.85825e12d86b5p+0, -0x1.01d3d1e568fbdp-3,
};
static const double MOONS_Y[200] = {
    0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 0, 0,
    0, 1, 1, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0,
    1, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 1, 0, 0, 1,
    0, 1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 1, 0,
    1, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 1, 1, 1, 0, 0, 1,
    0, 1, 1, 0, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1, 1, 1, 0,
    0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 1,
};
static const double MOONS_ODD_X[62] = {
    -0x1.986731ab78bafp-2, 0x1.cbe5bbd341a0ep-1, 0x1.415229b3fb44dp-1, 0x1.6f7c443fda07bp-1,
    0x1.1cc99c5964dfep+0, -0x1.e23841f63cfb7p-2, -0x1.d8e40397635b0p-6, 0x1.ede8fc13e40f9p-1,
    0x1.9701eebd59dbep-2, 0x1.ecbff6f154e67p-1, 0x1.cb0012ea04eb4p-1, 0x1.2bdc843d5b9cfp-1,
    0x1.18c9fbbb40c68p-6, -0x1.dfc675539b853p-4, 0x1.88ad304f54881p-2, -0x1.025a222c4dcdfp-2,
    -0x1.817df41dd8835p-1, 0x1.268ff4d4a9a2bp-1, 0x1.f48dee063057ap-3, 0x1.f88726acff84cp-1,
    0x1.d0270a363248fp-1, 0x1.aa69b58965447p-2, -0x1.e9b2b37e3758ap-6, 0x1.37283d09ce46dp-1,
    -0x1.c168b06698a26p-1, 0x1.a19f96e258d06p-2, 0x1.cbe75e505bb8bp-7, 0x1.239f56eac87c0p-2,
    -0x1.f915f9304ae90p-1, 0x1.cddf5adec6547p-4, 0x1.0354162e78271p+1, 0x1.4b463bc0aaf09p-2,
    -0x1.3465d839ff0bcp-1, 0x1.8a213f0ca622bp-1, -0x1.00c21d7ea8238p+0, -0x1.72d6ded2eafdfp-7,
    0x1.f13387a95418cp-1, -0x1.c46fb70466847p-5, 0x1.aa096d9ad14bep+0, -0x1.907588ee455dap-2,
    0x1.2094deb3666b8p-6, 0x1.297bcd40b7a2ep-4, -0x1.06f295041908ap-2, 0x1.e097e00c33627p-1,
    0x1.e21e166a6fcc7p-2, -0x1.2564a0e48be9fp-2, 0x1.7db2ab0a0c1efp+0, -0x1.dccb4a0aacfe5p-3,
    0x1.0e4e13e7c5552p+0, 0x1.9652b95e4339ap-3, 0x1.b7dfcff9c0135p+0, -0x1.fb5e83b3c397ep-5,
    0x1.5331479827044p+0, -0x1.009d1f04b695ap-1, 0x1.a7ec6f8894947p-1, -0x1.fc26a86a8a776p-2,
    0x1.6451cc7954e71p-1, -0x1.fff506ba5e79fp-2, 0x1.e27b4f9544faep+0, 0x1.3f475b8c62a7ap-4,
    0x1.0eb775382ac50p+1, 0x1.f79f889deb6ddp-2,
};
static const double MOONS_ODD_Y[31] = {
    0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1,
};
static const double MOONS_CLEAN_X[40] = {
    0x1.0000000000000p+1, 0x1.ffffffffffffep-2, 0x1.0000000000001p-1, 0x1.bb67ae8584caap-1,
    0x1.f08fb2129168ep+0, 0x1.438af16ebe810p-3, -0x1.ffffffffffffcp-2, 0x1.bb67ae8584cabp-1,
    0x1.ffffffffffffep-2, -0x1.76cf5d0b09954p-2, 0x1.63a1a7e0b738cp-3, 0x1.f838b8c811c17p-1,
    0x1.0000000000000p+0, 0x0.0p+0, 0x1.c41b7d167a81cp+0, -0x1.246dd48f05878p-3,
    0x1.df24174c2bf1cp-3, -0x1.246dd48f05870p-3, 0x1.ee09bdadd2e40p-5, 0x1.438af16ebe818p-3,
    0x1.2c7434fc16e71p+0, -0x1.f07171902382ep-2, 0x0.0p+0, 0x1.0000000000000p-1,
    -0x1.0000000000000p+0, 0x1.1a62633145c07p-53, 0x1.8836fa2cf5039p-1, 0x1.491b7523c161cp-1,
    0x1.7ffffffffffffp+0, -0x1.76cf5d0b09956p-2, -0x1.8836fa2cf5038p-1, 0x1.491b7523c161ep-1,
    -0x1.e11f642522d1bp-1, 0x1.5e3a8748a0bf8p-2, 0x1.e11f642522d1cp-1, 0x1.5e3a8748a0bf5p-2,
    -0x1.63a1a7e0b7388p-3, 0x1.f838b8c811c17p-1, 0x1.a7179607d231dp-1, -0x1.f07171902382ep-2,
};
static const double MOONS_CLEAN_Y[20] = {
    1, 0, 1, 0, 1, 0, 0, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 1,
};
static const double MOONS_ONE_X[2] = {
    0x1.694725cb7d951p-3, 0x1.147cf0c8a3a11p-1,
};
static const double MOONS_ONE_Y[1] = {
    1,
};
static const double MOONS_THREE_X[6] = {
    0x1.0000000000000p+1, 0x1.ffffffffffffep-2, 0x0.0p+0, 0x1.0000000000000p-1,
    0x1.0000000000000p+0, 0x0.0p+0,
};
static const double MOONS_THREE_Y[3] = {
    1, 1, 0,
};
static const double CIRCLES_X[82] = {
    -0x1.12a9183236368p-1, -0x1.76dfbd830be50p-7, 0x1.12a9b782d11f0p-2, -0x1.a7109eb4adf35p-1,
    -0x1.224d7d1fb3296p+0, 0x1.31e66579ae6e0p-3, -0x1.30a27580520dep-2, 0x1.bb49c642ae00ap-2,
    0x1.dee50c697194ep-2, 0x1.fb7ce03c4dc4bp-1, 0x1.5d35699cff6bap-1, -0x1.14ec3538ca943p-1,
    -0x1.47c7ea0c10460p-2, 0x1.5c3b5f1914898p-2, 0x1.be887f243eea4p-2, -0x1.046706e9a9875p-2,
    -0x1.111d5ed631f25p-4, -0x1.050edaddc8b7ap+0, -0x1.9c767d31c1f44p-3, 0x1.09c2094189686p-1,
    -0x1.444b35f93a818p-2, 0x1.a07dcb3c16636p-2, -0x1.3d9a21b0d2bdcp+0, -0x1.9929ae2061574p-3,
    -0x1.1b508a12d7095p-1, 0x1.8fb9a3315d8ecp-6, -0x1.7b38f8716c413p-2, -0x1.be176f93b4626p-3,
    -0x1.d6308fec46e86p-2, -0x1.961da69030c8dp-1, -0x1.d01f92d3eb74cp-3, -0x1.ec05b2303e8acp-2,
    0x1.0d8c59719cc2dp-3, 0x1.c068fb2131b29p-2, 0x1.10366a1dbd6fep-2, -0x1.9209f882167dap-2,
    0x1.5a86cdf8e4762p-4, 0x1.0049ee133112bp+0, 0x1.bd8d47f6d980fp-1, 0x1.0387fcdfdfd5cp-2,
    -0x1.ff3c20bbc0156p-2, -0x1.7aadc76c6b496p-3, 0x1.ab16788f69e34p-1, 0x1.0cc5f02c5093fp-1,
    0x1.31ec8a3ae30bap-2, 0x1.204f666c03a44p-3, 0x1.53aa8389a3b71p-2, -0x1.70bbe11e55892p-1,
    0x1.031cc72cc9ad0p-1, -0x1.4f308224b8a60p-6, -0x1.26986dc0e4d8fp-2, -0x1.d918fedcc61dcp-1,
    -0x1.de6101edbce3ap-2, 0x1.7c3c2da3639f6p-1, -0x1.952ccb4f225c7p-1, -0x1.2066327546d72p-1,
    0x1.201d49a3b0a3bp-1, -0x1.2368edaa0c03dp-5, 0x1.3d46f050db9b8p-2, -0x1.ca973d30f7761p-2,
    -0x1.84e0af6df76b8p-2, 0x1.c679b1ffac181p-1, 0x1.3189b33bd3044p-2, 0x1.04ec0e43145a0p-2,
    -0x1.7b866ac9dcd30p-4, -0x1.fd8a461a6647ap-2, -0x1.6be5c89681944p-2, -0x1.0cbe8744d0d7ep-1,
    -0x1.ff90513cdf03fp-1, 0x1.9ecddfb52cb26p-4, 0x1.8722a79a78920p-1, -0x1.c930e6880611ep-3,
    0x1.89aee7ded3f9ap-2, 0x1.651224ad923e7p-3, 0x1.d14d67c910af9p-1, -0x1.650db6cada6e8p-4,
    -0x1.ce9465c478683p-1, 0x1.016f0ef83e0e8p-1, 0x1.4faa965ae4e06p-1, 0x1.33ef6455111c4p-1,
    0x1.2bae0fa1c6756p-4, 0x1.da2114185744ep-2,
};
static const double CIRCLES_Y[41] = {
    1, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 1, 1, 0,
    1, 1, 1, 0, 0, 1, 0, 0, 0, 1,
};
static const double CIRCLES_CLEAN_X[24] = {
    0x1.999999999999cp-2, 0x1.62b9586ad0a22p-1, -0x1.999999999999ap-1, 0x1.c3d09eb53c672p-54,
    -0x1.99999999999a0p-2, -0x1.62b9586ad0a20p-1, -0x1.9999999999997p-2, 0x1.62b9586ad0a23p-1,
    0x1.999999999999ap-1, 0x0.0p+0, 0x1.9999999999990p-2, -0x1.62b9586ad0a25p-1,
    0x1.0000000000000p+0, 0x0.0p+0, -0x1.ffffffffffffcp-2, 0x1.bb67ae8584cabp-1,
    0x1.ffffffffffff4p-2, -0x1.bb67ae8584caep-1, 0x1.0000000000001p-1, 0x1.bb67ae8584caap-1,
    -0x1.0000000000004p-1, -0x1.bb67ae8584ca8p-1, -0x1.0000000000000p+0, 0x1.1a62633145c07p-53,
};
static const double CIRCLES_CLEAN_Y[12] = {
    1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0,
};
static const double BLOBS_X[100] = {
    0x1.832416f28bf8ep+2, -0x1.18a161b5f4841p+3, -0x1.eaeab7db3d6e0p+2, 0x1.7f71d7b0b671ep+1,
    -0x1.be3f0bba91013p+2, 0x1.29560bc36e47cp+0, -0x1.982ead9b00f84p+2, 0x1.d34578fb5cd54p+1,
    0x1.693e58adf5524p+2, -0x1.06bc1231feaf1p+3, 0x1.d1515902238d2p+2, -0x1.35e78a96396e8p+2,
    0x1.90c82374c69fbp+2, -0x1.0e0e65cbd633ep+3, 0x1.4fa1a8544ddedp+3, -0x1.6119340c3509dp+1,
    0x1.e927f2298e8a8p+2, -0x1.40c1139d9a18ep+3, 0x1.06c8cca14852ep+3, -0x1.8c3d82c31e96dp+0,
    0x1.b6749e6af847dp+2, -0x1.3d933f4a9b276p+3, 0x1.d80cd724f5ba8p+2, -0x1.172c66c526d78p+3,
    0x1.fdf9236814318p+2, -0x1.9d99afcbff952p+1, -0x1.0c662eb5d76cbp+3, 0x1.58dda18618438p+1,
    -0x1.f938fdb2d59afp+2, 0x1.ced97b08816d8p-2, -0x1.df92d03bdb0b7p+2, 0x1.41f8e387d1340p+0,
    0x1.fbbbb070cb044p+2, -0x1.c1fcf44cd6c46p+1, 0x1.2d7e81aa2721dp+3, -0x1.52e7cb54a10fap+1,
    0x1.b79836e353390p+2, -0x1.40bb84121c3c8p+3, 0x1.0fb9c7fe32badp+3, -0x1.465e2bf0f68d6p+1,
    0x1.b222765eb3de9p+2, -0x1.02f4d3c91cf7ep+3, -0x1.3f259c0179789p+3, 0x1.5384cbcfadb4fp+1,
    0x1.12b45f5cd61f6p+2, -0x1.1fc0237a85858p+3, 0x1.57b5000ed450fp+2, -0x1.393c49f89ff0ep+1,
    0x1.f3d0c6b41be9fp+2, -0x1.35f135be505b3p+3, -0x1.f43d9214315bdp+2, 0x1.9a81bbcfe0188p+0,
    0x1.fb59ff4790b80p+2, -0x1.385e6e4cc76e9p+3, 0x1.16dcc79a84b2ep+3, -0x1.356a3f4729206p+1,
    0x1.fe2f6c41f8247p+2, -0x1.b0f130fff8b19p+1, 0x1.7d61788c780dcp+2, -0x1.1dd5de2061f75p+3,
    0x1.eb46cd650d300p+2, -0x1.69c1109305c58p+1, 0x1.2fe3479e873f7p+3, -0x1.e52877e7d36e2p+1,
    0x1.b7c6d597fd576p+2, -0x1.45c86bd06eef0p+3, 0x1.e15d547db8534p+2, -0x1.0fb3856a26f00p+1,
    0x1.6eb94736512afp+2, -0x1.0c77ca135d552p+2, 0x1.15d1c58174d9fp+3, -0x1.225b82c216cd3p+2,
    0x1.930fe904933acp+2, -0x1.511c19e10618dp+3, 0x1.773d385f473b6p+2, -0x1.4663051559a0ap+3,
    0x1.bcfcb2ebfbe90p+2, -0x1.073d614e31723p+3, -0x1.eebca70b470d6p+2, 0x1.380239bf9dc86p+0,
    -0x1.eb15ec33e90ddp+2, 0x1.bb30d72892ee6p-1, -0x1.1a148358f2c3ap+3, 0x1.08b7c3700a65ap+1,
    -0x1.d4bb1f58eac04p+2, 0x1.4f256cade88acp+0, 0x1.1f7f1cfe3e21bp+3, -0x1.37f7c2c782ac2p+2,
    0x1.a00bea334c4f3p+2, -0x1.e97a01ce6e83bp+1, -0x1.f883fe03879f5p+2, 0x1.cf68e4be89449p+0,
    -0x1.7c4bc2ca96406p+2, 0x1.4c2f54c25aa31p+1, -0x1.0a611a9b44477p+3, 0x1.01bcb177e617ap+1,
    0x1.7d002ee90e015p+2, -0x1.b515de0690966p+2, -0x1.f773e1382cc5fp+2, 0x1.c82d5afa55af4p+1,
};
static const double BLOBS_Y[50] = {
    1, 2, 2, 2, 1, 0, 1, 0, 1, 0, 1, 1, 0, 2, 2, 2, 0, 0, 1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 0, 1, 0,
    0, 1, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 0, 0, 2, 2, 2, 1, 2,
};
static const double BLOBS_WIDE_X[85] = {
    0x1.d1a876514306cp+1, -0x1.b8796609d624dp+0, 0x1.1d12de218222dp+0, -0x1.c8b9057b43e64p+2,
    -0x1.7a8e9e42601d2p+2, -0x1.fb8f319d6832fp+2, -0x1.954529feb45bcp+2, -0x1.ad7311d770b63p+1,
    -0x1.24f7553e1de35p+1, 0x1.48b8e18a0d7acp+0, -0x1.047cccf53d008p+1, 0x1.a2b53c44f3bbbp+1,
    -0x1.83fca32dcb988p+2, 0x1.e71022c13076cp+2, -0x1.260f8b42ec54ep+3, 0x1.c4a8b4d4946a5p+1,
    -0x1.a175ae8c1ee52p+0, 0x1.12157e5c4a7a7p+0, -0x1.cb77b87f2a8b9p+2, -0x1.8e55883e9391ep+2,
    -0x1.7834b560a4009p+0, 0x1.d7428d3677586p+1, -0x1.6492e6ec467abp+2, 0x1.0095dcd275349p+3,
    -0x1.197d8beeb8c92p+3, -0x1.06e89f838c6fcp+3, -0x1.8652e2355815ap+2, -0x1.6b25c7850278dp+1,
    -0x1.c90ab970b95eep+0, 0x1.b9597d608ca9ap-1, 0x1.bc02f3fa61629p+1, -0x1.9e4271bae2362p+0,
    0x1.f1f8598787edep-1, -0x1.c50e34d928cd5p+2, -0x1.8017540157c31p+2, -0x1.59bec85da39d3p+0,
    0x1.bd316b1324925p+1, -0x1.623efd3f93f99p+2, 0x1.edd6ac99052e8p+2, -0x1.315568e0eb68ap+3,
    0x1.dfc4ddb758060p+1, -0x1.4b529095f57ccp+0, 0x1.3ab64156f7ef8p+0, -0x1.d3829bc9c9d50p+2,
    -0x1.8eb1977d47edcp+2, -0x1.fdf4d002b557cp+2, -0x1.8bd2db55e0536p+2, -0x1.98e4142d49b21p+1,
    -0x1.3425e104f74b2p+1, 0x1.57d3063e9007ep-1, -0x1.857bbb02bde30p+0, 0x1.8c8267aaabcc0p+1,
    -0x1.802e24098ee98p+2, 0x1.f3e32eb9a0422p+2, -0x1.2c4355fe1ed57p+3, -0x1.046a6126949f8p+3,
    -0x1.9dd13706299a8p+2, -0x1.84088bdd3d3ffp+1, -0x1.6f403d6fecda3p+0, 0x1.9ff094da041f0p-1,
    -0x1.51c61a8efdc3dp+0, 0x1.04e5be9489f85p+2, -0x1.4195053876725p+3, -0x1.0dde8325d0b85p+2,
    -0x1.c3578a6a9b5c9p+2, -0x1.801db48a55480p+0, 0x1.0cbc477210adfp+2, -0x1.43bc5282173c0p+3,
    -0x1.0a3540fcaeae2p+2, -0x1.d461626c5f863p+2, -0x1.dc662767a7a98p+0, 0x1.19c5ae54589d9p+2,
    -0x1.4aa729a981f8cp+3, -0x1.f106ecd4f0222p+1, -0x1.a448c52116476p+2, -0x1.63a95e8da7052p+0,
    0x1.0ce345559ece8p+2, -0x1.411b469dfc2d7p+3, -0x1.0efb2811e8b11p+2, -0x1.c94bc0d0cca64p+2,
    -0x1.7c164dfd0ba6ep+0, 0x1.04e22aa859228p+2, -0x1.34effce31f875p+3, -0x1.d76853e96897cp+1,
    -0x1.ba812b65d33aap+2,
};
static const double BLOBS_WIDE_Y[17] = {
    3, 1, 2, 3, 2, 1, 3, 2, 3, 1, 2, 1, 0, 0, 0, 0, 0,
};
static const double BLOBS_TIGHT_X[9] = {
    -0x1.a8d8eb01cd3e0p+0, 0x1.1a03ee15358cap+2, -0x1.a8d8eb01cd3e0p+0, -0x1.a8d8eb01cd3e0p+0,
    -0x1.a8d8eb01cd3e0p+0, 0x1.1a03ee15358cap+2, -0x1.a8d8eb01cd3e0p+0, 0x1.1a03ee15358cap+2,
    0x1.1a03ee15358cap+2,
};
static const double BLOBS_TIGHT_Y[9] = {
    0, 1, 0, 0, 0, 1, 0, 1, 1,
};
static const double BLOBS_APART_X[40] = {
    0x1.125ac1c478daap+2, -0x1.d9edc20837281p+2, 0x1.96715fb7cccbep+2, -0x1.2a7333f3fa78ep+3,
    -0x1.e9912a55ca280p+2, 0x1.168a7d94c7dcep+1, 0x1.029cdc0439c09p+3, -0x1.5974a6c87a80cp+1,
    0x1.2d9e83c1e1a4dp+3, -0x1.0573e6288264fp+2, 0x1.9435e2ff55737p+2, -0x1.3b9e1e2dbf3bcp+3,
    0x1.043f7f1cb4e8cp+3, -0x1.3bead96eb5db3p+2, -0x1.173b60cf4b467p+3, 0x1.9b08d529f1308p-1,
    0x1.b3b8091a493d0p+2, -0x1.15911c885181ep+2, -0x1.dc9a46958c38fp+2, 0x1.dafb455ea380bp+0,
    -0x1.1868bdd595f15p+3, 0x1.829045066a0dep+1, 0x1.d1c1aa4e6c7bbp+2, -0x1.79ee8da815261p+1,
    0x1.48dca55d132ecp+2, -0x1.2b5e095993e92p+3, 0x1.05380e474c5f2p+3, -0x1.1925a87d71118p+1,
    -0x1.147e0341c75e5p+3, 0x1.18b2612a36de2p+1, 0x1.7246269f4f27ep+2, -0x1.ddfe2b4d9e2efp+2,
    0x1.0a5b9b2ec63d9p+3, -0x1.55727dc526ddap+2, 0x1.5acd279ecfd66p+2, -0x1.31e02764f4950p+3,
    -0x1.2234328dccfbfp+3, 0x1.53f8bafeda028p-2, 0x1.699ffa2a3045ap+2, -0x1.364819e9fb6f5p+3,
};
static const double BLOBS_APART_Y[20] = {
    1, 1, 2, 0, 0, 1, 0, 2, 0, 2, 2, 0, 1, 0, 2, 1, 0, 1, 2, 1,
};
static const double SPIRALS_X[100] = {
    -0x1.824ea6796b0d2p-2, 0x1.ba683a6f6a75bp-2, -0x1.cfea57bde56dap-3, 0x1.8584fb6401569p-1,
    -0x1.908d55671b2e7p-2, -0x1.b4075b00afc19p-6, -0x1.2ed1af38c14b3p-3, -0x1.17894ce6973f0p-5,
    0x1.4f1e18b9c7163p-3, 0x1.572e22c80de65p-1, -0x1.b235cc038aa00p-7, 0x1.0fbd891947be4p-4,
    0x1.bee335f38fcdap-5, 0x1.2132da4943a68p-3, -0x1.31bae12996521p-1, 0x1.92b6606e514e5p-3,
    -0x1.16d86311fda03p-4, 0x1.e0d8f28e60954p-3, -0x1.a87169f4977b7p-4, -0x1.1fdf59549cdd7p-2,
    -0x1.a9539540cc06bp-1, 0x1.50f17cac996aap-2, -0x1.9c238b8344573p-3, 0x1.d404dcbf8cd47p-3,
    -0x1.f08eabddf9c9ap-1, -0x1.36723d159873bp-4, 0x1.0acf62486c472p-4, 0x1.4b7d1cb7c5b08p-7,
    0x1.efeda2bd8cbe7p-3, -0x1.4e104971cf4c9p-2, -0x1.2edb63e1fce7cp-2, 0x1.6e30a50f20084p-4,
    0x1.f04a14ad6f90fp-2, -0x1.9c0b7333c1591p-1, 0x1.cdacde427b98dp-9, -0x1.d357252c6cd16p-5,
    0x1.d632a5df6f32ap-3, -0x1.a107ebd8babe7p-6, 0x1.0c210cfcf4620p-1, 0x1.d06710ad1576bp-3,
    -0x1.870d8d1ad82afp-4, 0x1.ec44290c535aep-2, -0x1.bf31a54a95a5ep-1, -0x1.010979bfbc542p-1,
    0x1.9f3da56569ddbp-2, -0x1.ec327f986ce83p-3, 0x1.d1f122e4ab2c7p-3, -0x1.3d9f857ee6cd3p-1,
    -0x1.514765b80c649p-1, -0x1.94841ade9f186p-4, 0x1.13a63d08e0015p-1, -0x1.1c617cde0caf2p-6,
    -0x1.65ddeeb3688cap-3, 0x1.e485fc73d2bf0p-5, 0x1.145dd0fae02c1p-4, -0x1.49ba003a9d462p-2,
    -0x1.47df6d27922fdp-3, -0x1.ddffb5ee89a76p-4, 0x1.bf35681dd930ep-1, -0x1.0e846d5cc2574p-1,
    0x1.5135f37fc622cp-4, 0x1.a883d7e612aafp-4, 0x1.11091343851d8p-1, -0x1.efa459fb17567p-2,
    0x1.a2b396ef3b1d6p-1, 0x1.1e9f0e3436a51p-3, 0x1.a3f18c53aa508p-4, 0x1.bad50e69905c6p-2,
    -0x1.5354fa66d69d1p-2, -0x1.7a7abc1f2a8bap-1, 0x1.a862cb7a0af45p-2, 0x1.b3c3dac359049p-1,
    0x1.6747085835738p-1, -0x1.843f701b2c997p-3, -0x1.7031d098985e2p-2, -0x1.0d49960fea4c0p-2,
    -0x1.26d8738237191p-1, -0x1.dc8c49e239c56p-2, -0x1.1ea3c4c4dad0ep-1, 0x1.4577e6084e59ap-1,
    0x1.a8d65a6073b34p-2, 0x1.d4646000872d4p-2, 0x1.c9c3ac48eea36p-3, 0x1.3431c240eb087p-2,
    0x1.59be2298d2c05p-3, -0x1.6ad2ec8795170p-4, -0x1.07ee91b50f9a2p-2, -0x1.d76127368520dp-2,
    -0x1.af5383cfe82adp-5, -0x1.2a8644393fbacp-1, 0x1.94e81ab0735cep-8, 0x1.f3b1d05af8ad8p-1,
    0x1.45cee4ca93e22p-2, 0x1.8104ba604d538p-4, 0x1.f23946f5cf279p-5, -0x1.bb306be8aa241p-1,
    0x1.6959b697144b2p-1, 0x1.11c8771764f4ep-1, 0x1.29f3a7e3e2089p-4, -0x1.e0635f26aac88p-4,
};
static const double SPIRALS_Y[50] = {
    2, 1, 0, 1, 1, 1, 0, 2, 0, 1, 1, 0, 1, 0, 1, 0, 2, 2, 2, 1, 2, 1, 1, 0, 2, 1, 1, 1, 1, 2, 0,
    0, 0, 2, 2, 0, 0, 0, 2, 1, 1, 2, 2, 0, 0, 0, 2, 2, 0, 2,
};
static const double SPIRALS_CLEAN_X[20] = {
    0x1.0000000000000p+0, -0x1.1a62633145c07p-52, -0x1.4b5f949465d54p-3, -0x1.e183807222a2fp-4,
    -0x1.7bb85756cb191p-3, 0x1.242a20b8f6633p-1, -0x1.0000000000000p+0, 0x1.1a62633145c07p-53,
    0x1.7bb85756cb18ep-3, -0x1.242a20b8f6633p-1, 0x1.fa4b1f1e6421ap-4, 0x1.858d80f69dd99p-2,
    0x1.4b5f949465d54p-3, 0x1.e183807222a30p-4, 0x1.4b5f949465d53p-1, -0x1.e183807222a34p-2,
    -0x1.fa4b1f1e6421dp-4, -0x1.858d80f69dd99p-2, -0x1.4b5f949465d53p-1, 0x1.e183807222a32p-2,
};
static const double SPIRALS_CLEAN_Y[10] = {
    1, 1, 0, 0, 1, 0, 0, 1, 1, 0,
};
static const double XOR_X[60] = {
    -0x1.5ac508c17dfbcp-4, -0x1.a3ff9f239504cp-1, 0x1.25bda1d78893ap-5, -0x1.419990567108ap-4,
    -0x1.19e9b56ca64e2p-3, -0x1.0ce5e9b71a00ep-1, -0x1.43e8a74a0cab5p-1, 0x1.cd6ed3d48890cp-3,
    -0x1.9e5bf5e5f2502p-2, -0x1.bc27ad5c1b58dp-2, 0x1.39395cf38552cp-5, 0x1.01ada4fa10376p-4,
    -0x1.98e31aa8918c1p-1, -0x1.de5cbcce34950p-4, -0x1.284a233fcf876p-1, 0x1.49d45a7b9c71cp-1,
    0x1.4906379aa9186p-1, 0x1.29dbb73d564b2p-4, 0x1.4f5866b43da6dp-1, -0x1.ab09ee6bebfccp-1,
    -0x1.971147d68e752p-4, -0x1.6c0558898597ap-1, -0x1.a388791277a37p-2, -0x1.a1d5affda0f26p-1,
    -0x1.5a32b466a2449p-1, -0x1.42f66d8d04920p-7, -0x1.2243b8beb6644p-1, -0x1.9670f3763a3bdp-1,
    -0x1.e85d013d4da10p-2, -0x1.677a3f7025b87p-3, -0x1.ad51b7145f06ep-4, -0x1.784d6302b4536p-1,
    0x1.ab8ed1442c098p-2, 0x1.68276fb2ea7a0p-4, -0x1.24ad25f4ea8e2p-5, -0x1.876cfd20cf249p-3,
    0x1.403c7e743bb47p-1, 0x1.bbab9a8e6515fp-3, -0x1.4f59cd26c7b07p-1, 0x1.1597df43c2a3bp-1,
    0x1.82b77eda9936ep-1, 0x1.aa63d61f9d6e5p-4, 0x1.a2594514f6327p-1, -0x1.5a9c21ce82c50p-2,
    0x1.01ae48d4faf99p-2, -0x1.845eeef8e8d8ep-2, -0x1.5341fbdda1b98p-7, 0x1.2ef6bbb1841abp-1,
    -0x1.58ec8b3656fbep-5, 0x1.e6ce6eddd9144p-1, 0x1.db32ea23f7aacp-5, -0x1.279154f0dfa7ap-1,
    -0x1.572bb7123178ap-4, 0x1.7dd59097e0c92p-1, -0x1.0999ad9a0123dp-2, -0x1.0101ff5496934p+0,
    -0x1.138875d975610p-1, -0x1.d7ed9c9ec6061p-1, 0x1.cb826c0969488p-1, 0x1.c39dd05930536p-1,
};
static const double XOR_Y[30] = {
    0, 1, 0, 1, 0, 0, 1, 1, 1, 1, 1, 0, 1, 0, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 1, 1, 0, 0, 0,
};
static const double XOR_CLEAN_X[20] = {
    -0x1.062a35a13cec0p-3, -0x1.e5739808c344ep-1, 0x1.96d5c3ca79e40p-4, -0x1.08eb6307cef78p-3,
    -0x1.462c695be2a60p-3, -0x1.5b796ad8777e8p-2, -0x1.2e7096a68baaep-1, 0x1.e888ac3d6a280p-3,
    -0x1.9a4ea683cb830p-2, -0x1.dd89a95e04e68p-2, 0x1.f02a07a2ee9c8p-3, 0x1.dd76cd76d6540p-5,
    -0x1.7630acc02f25ep-1, 0x1.bced896385380p-6, -0x1.43223223df180p-1, 0x1.242ee5a116770p-1,
    0x1.6a787fc5ea1f0p-1, -0x1.79b1d2f755980p-7, 0x1.62e10396a76eap-1, -0x1.ae716a83e315ep-1,
};
static const double XOR_CLEAN_Y[10] = {
    0, 1, 0, 1, 0, 0, 1, 1, 1, 1,
};
static const double BEANS_X[100] = {
    0x1.33b904afa6a00p-7, 0x1.33da2297d73c0p-5, 0x1.49712951cc4c0p-5, 0x1.4b421af2289e0p-5,
    0x1.4106c1c44fde0p-4, 0x1.ed5df7e115a00p-4, 0x1.06bf866f034f8p-3, 0x1.22f6b4acbf308p-3,
    0x1.64e1b14bdd2f0p-3, 0x1.80c7c3d7a1f80p-3, 0x1.899e7bf1a2c60p-3, 0x1.8dba113ee5ae8p-3,
    0x1.a1f9bd4e3a880p-3, 0x1.c418b95979228p-3, 0x1.e473b970f6c30p-3, 0x1.e64f096098328p-3,
    0x1.ec533ab8091a8p-3, 0x1.080a82c02cf78p-2, 0x1.0dec09a5ad344p-2, 0x1.1affa9c741a64p-2,
    0x1.25966889914a8p-2, 0x1.4591d85687aacp-2, 0x1.4a5ca4fecbf3cp-2, 0x1.772d0865d7948p-2,
    0x1.9299c5f317168p-2, 0x1.abc793a29337cp-2, 0x1.aedd0d5bafdc4p-2, 0x1.f495679f9e5b8p-2,
    0x1.035edfb50a07ap-1, 0x1.0ee7aa97d9bcep-1, 0x1.0fc2434125e50p-1, 0x1.219825fd63190p-1,
    0x1.285a1221e2ad8p-1, 0x1.2f3f603d8deb4p-1, 0x1.42ffa64dcd652p-1, 0x1.459d61f0b36f0p-1,
    0x1.4636f0813299ap-1, 0x1.7022d6ce78dd0p-1, 0x1.747098a99b25cp-1, 0x1.79931754cdae2p-1,
    0x1.88a4e4bd24216p-1, 0x1.a8348ef588bd6p-1, 0x1.a89d23bc9ef04p-1, 0x1.b1d2904fd0ef6p-1,
    0x1.bf854df380288p-1, 0x1.c016dca6159d2p-1, 0x1.c120c1512fe46p-1, 0x1.d319129bb7ec0p-1,
    0x1.d88e0bc29f018p-1, 0x1.dd80923cc2e34p-1, 0x1.dfe619c13b5f0p-1, 0x1.0b2fb406c730bp+0,
    0x1.0be72b3aab96cp+0, 0x1.0ecb509eb7f22p+0, 0x1.16faedb6395f5p+0, 0x1.18fe1565f12a8p+0,
    0x1.221995f75dd72p+0, 0x1.22d6bc992362dp+0, 0x1.2309c648a76a2p+0, 0x1.23f0d4c2758fep+0,
    0x1.26e2758551b70p+0, 0x1.2c4b6c63616d5p+0, 0x1.349d66b6e894bp+0, 0x1.35ae4fdcdfcaep+0,
    0x1.39649c4e3a837p+0, 0x1.3bdec5d8bc3c4p+0, 0x1.3c3ab8499445ep+0, 0x1.47a3ba653fcffp+0,
    0x1.4ab2a21899b5bp+0, 0x1.4e6436e53d092p+0, 0x1.500a6e944d088p+0, 0x1.55627269cd0bdp+0,
    0x1.55b6d035e8eecp+0, 0x1.575dd8caf02ecp+0, 0x1.5d178cdccbfb0p+0, 0x1.628bb4a42c0dep+0,
    0x1.652fea865a9bfp+0, 0x1.6e2d4cf608733p+0, 0x1.6ec27075d9452p+0, 0x1.7a80c181477a5p+0,
    0x1.8c685baf29aadp+0, 0x1.8e6a8fc8fb81dp+0, 0x1.8fa1852b72c32p+0, 0x1.955cfbf3fa928p+0,
    0x1.992b4fb3421f2p+0, 0x1.a4593980de5b9p+0, 0x1.a86ad3d7aaef9p+0, 0x1.aa4d25fd4207bp+0,
    0x1.ad071d6b1d3d4p+0, 0x1.bd723b77af827p+0, 0x1.c8967883a12f7p+0, 0x1.d9e7cd7582508p+0,
    0x1.dbccb611c6241p+0, 0x1.e332f2b9c42c6p+0, 0x1.e3aba4f08d288p+0, 0x1.ed65349173336p+0,
    0x1.f3f27eb834526p+0, 0x1.f41a078390d45p+0, 0x1.f50d769e4f981p+0, 0x1.fa0c22bd5f6ccp+0,
};
static const double BEANS_Y[100] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0,
};
static const double SINE_X[40] = {
    0x1.93c7932520000p-17, 0x1.1d98dc9a4c140p-7, 0x1.347009d4cdd00p-7, 0x1.055ad67f6b3d0p-5,
    0x1.1f04eaa5cc4d0p-5, 0x1.df5596e14fae0p-5, 0x1.0a9615612a998p-4, 0x1.36237f30be920p-4,
    0x1.be41d5f069494p-3, 0x1.e67c02dc03de0p-3, 0x1.f9cff81c8cfdcp-3, 0x1.066e4043e9e54p-2,
    0x1.319cbcf3e8fd8p-2, 0x1.470e87c4e9e6ep-2, 0x1.4c5f3ca2cf704p-2, 0x1.63ec547f22b4cp-2,
    0x1.6eef0d17144a8p-2, 0x1.7dcd723f9ddeep-2, 0x1.d054ffe03671cp-2, 0x1.eb668d417b6c4p-2,
    0x1.04be03dce53b7p-1, 0x1.37d469e6deb69p-1, 0x1.4278f2527b248p-1, 0x1.48818b58d5b23p-1,
    0x1.501ae9e2c1e13p-1, 0x1.5c1507dc8fa01p-1, 0x1.6ca9c2f58ba64p-1, 0x1.71ac5f95c83f9p-1,
    0x1.7e3f5f21a76cfp-1, 0x1.8d11cfb2d13eep-1, 0x1.8e2f02a6deae2p-1, 0x1.a02cb7cc98e39p-1,
    0x1.a607d5f926a0dp-1, 0x1.b6d0b11e2e916p-1, 0x1.bf6479c361ac9p-1, 0x1.d5e6431e16bd1p-1,
    0x1.e5efac2e437acp-1, 0x1.e94103aac3a1dp-1, 0x1.ee76adcb77402p-1, 0x1.f1f8c5f08ca3ep-1,
};
static const double SINE_Y[40] = {
    0x1.8696d021eb422p-4, -0x1.ba3a7bdee17b6p-5, 0x1.6d40d267c7cbcp-5, 0x1.c8812dd88fd9ap-3,
    0x1.be1e66815e464p-5, 0x1.53904f8e18aefp-2, 0x1.133af40aba2cdp-1, 0x1.2f9b7e5b25b8dp-2,
    0x1.076070bd45688p+0, 0x1.2fab944dd77d5p+0, 0x1.e01d1413cb439p-1, 0x1.e85e8deb74703p-1,
    0x1.f397bc5462587p-1, 0x1.ea6f73d6a43d8p-1, 0x1.dd24972f50f0ap-1, 0x1.5548e21c770d3p-1,
    0x1.66c77f1b86ef6p-1, 0x1.74127b1056fedp-1, 0x1.06c4388ab4c0ap-2, 0x1.eb4d3b1fad682p-3,
    -0x1.722dba6cbe184p-4, -0x1.56ee80d7b2452p-1, -0x1.1627acfeabc03p-1, -0x1.91f8a8537d295p-1,
    -0x1.dc44e50291030p-1, -0x1.cf2f6f55ef917p-1, -0x1.fd8d59613712ep-1, -0x1.d3b48dec158fap-1,
    -0x1.e8ae0cd1d8e27p-1, -0x1.053b18d932744p+0, -0x1.05f953191c751p+0, -0x1.f3c20b568dec9p-1,
    -0x1.841bd20830d82p-1, -0x1.29485c74e55b3p-1, -0x1.6fac6208d85a5p-1, -0x1.c0018b875a0c3p-2,
    -0x1.1d27a88741530p-2, -0x1.4e901a9527814p-2, -0x1.103e76c4c65e4p-2, -0x1.c169f13905789p-3,
};
static const double SINE_CLEAN_X[10] = {
    0x1.e67c02dc03de0p-3, 0x1.d054ffe03671cp-2, 0x1.37d469e6deb69p-1, 0x1.48818b58d5b23p-1,
    0x1.71ac5f95c83f9p-1, 0x1.8d11cfb2d13eep-1, 0x1.8e2f02a6deae2p-1, 0x1.a607d5f926a0dp-1,
    0x1.ee76adcb77402p-1, 0x1.f1f8c5f08ca3ep-1,
};
static const double SINE_CLEAN_Y[10] = {
    0x1.fe6e9b99cd782p-1, 0x1.2741286e8acd4p-2, -0x1.43fb515d75aa2p-1, -0x1.8dca6f2acf717p-1,
    -0x1.f81b717685ffap-1, -0x1.f96dbf0763a92p-1, -0x1.f8437c45770f4p-1, -0x1.c93e8d1a9d2c4p-1,
    -0x1.b5580e4ed009dp-3, -0x1.5ed4377291368p-3,
};
static const double THREE_BIT_X[15] = {
    0x0.0p+0, 0x0.0p+0, 0x1.0000000000000p+0, 0x0.0p+0, 0x1.0000000000000p+0,
    0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x0.0p+0, 0x1.0000000000000p+0,
    0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x0.0p+0, 0x0.0p+0,
    0x1.0000000000000p+0,
};
static const double THREE_BIT_Y[5] = {
    0, 1, 1, 0, 0,
};
static const double GATE_AND_ROWS_X[8] = {
    0x0.0p+0, 0x0.0p+0, 0x0.0p+0, 0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x0.0p+0,
    0x1.0000000000000p+0, 0x1.0000000000000p+0,
};
static const double GATE_AND_ROWS_Y[4] = {
    0, 0, 0, 1,
};
static const double GATE_OR_ROWS_X[8] = {
    0x0.0p+0, 0x0.0p+0, 0x0.0p+0, 0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x0.0p+0,
    0x1.0000000000000p+0, 0x1.0000000000000p+0,
};
static const double GATE_OR_ROWS_Y[4] = {
    0, 1, 1, 1,
};
static const double GATE_NAND_ROWS_X[8] = {
    0x0.0p+0, 0x0.0p+0, 0x0.0p+0, 0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x0.0p+0,
    0x1.0000000000000p+0, 0x1.0000000000000p+0,
};
static const double GATE_NAND_ROWS_Y[4] = {
    1, 1, 1, 0,
};
static const double GATE_XOR_ROWS_X[8] = {
    0x0.0p+0, 0x0.0p+0, 0x0.0p+0, 0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x0.0p+0,
    0x1.0000000000000p+0, 0x1.0000000000000p+0,
};
static const double GATE_XOR_ROWS_Y[4] = {
    0, 1, 1, 0,
};
static const struct {
    SyntheticConfig config;
    int64_t n;
    int32_t inputs, classes;
    const double *x, *y;
} CASES[] = {
    {{.kind = SYNTHETIC_MOONS, .samples = 200, .noise = 0.20, .seed = 0}, 200, 2, 2, MOONS_X, MOONS_Y},
    {{.kind = SYNTHETIC_MOONS, .samples = 31, .noise = 0.05, .seed = 9}, 31, 2, 2, MOONS_ODD_X, MOONS_ODD_Y},
    {{.kind = SYNTHETIC_MOONS, .samples = 20, .seed = 4}, 20, 2, 2, MOONS_CLEAN_X, MOONS_CLEAN_Y},
    {{.kind = SYNTHETIC_MOONS, .samples = 1, .noise = 0.1}, 1, 2, 2, MOONS_ONE_X, MOONS_ONE_Y},
    {{.kind = SYNTHETIC_MOONS, .samples = 3, .seed = 2}, 3, 2, 2, MOONS_THREE_X, MOONS_THREE_Y},
    {{.kind = SYNTHETIC_CIRCLES, .samples = 41, .noise = 0.1, .seed = 3, .factor = 0.5}, 41, 2, 2, CIRCLES_X, CIRCLES_Y},
    {{.kind = SYNTHETIC_CIRCLES, .samples = 12, .seed = 8, .factor = 0.8}, 12, 2, 2, CIRCLES_CLEAN_X, CIRCLES_CLEAN_Y},
    {{.kind = SYNTHETIC_BLOBS, .samples = 50, .noise = 1, .seed = 6, .classes = 3, .features = 2}, 50, 2, 3, BLOBS_X, BLOBS_Y},
    {{.kind = SYNTHETIC_BLOBS, .samples = 17, .noise = 0.3, .seed = 1, .classes = 4, .features = 5}, 17, 5, 4, BLOBS_WIDE_X, BLOBS_WIDE_Y},
    {{.kind = SYNTHETIC_BLOBS, .samples = 9, .seed = 1, .classes = 2, .features = 1}, 9, 1, 2, BLOBS_TIGHT_X, BLOBS_TIGHT_Y},
    {{.kind = SYNTHETIC_BLOBS, .samples = 20, .noise = 1, .seed = 77, .classes = 3, .features = 2, .centers_apart = true, .center_seed = 6}, 20, 2, 3, BLOBS_APART_X, BLOBS_APART_Y},
    {{.kind = SYNTHETIC_SPIRALS, .samples = 50, .noise = 0.02, .seed = 5, .classes = 3, .turns = 1.25}, 50, 2, 3, SPIRALS_X, SPIRALS_Y},
    {{.kind = SYNTHETIC_SPIRALS, .samples = 10, .seed = 5, .classes = 2, .turns = 0.5}, 10, 2, 2, SPIRALS_CLEAN_X, SPIRALS_CLEAN_Y},
    {{.kind = SYNTHETIC_XOR, .samples = 30, .noise = 0.1, .seed = 2}, 30, 2, 2, XOR_X, XOR_Y},
    {{.kind = SYNTHETIC_XOR, .samples = 10, .seed = 2}, 10, 2, 2, XOR_CLEAN_X, XOR_CLEAN_Y},
    {{.kind = SYNTHETIC_BEANS, .samples = 100, .seed = 0}, 100, 1, 2, BEANS_X, BEANS_Y},
    {{.kind = SYNTHETIC_SINE, .samples = 40, .noise = 0.1, .seed = 13}, 40, 1, 0, SINE_X, SINE_Y},
    {{.kind = SYNTHETIC_SINE, .samples = 10, .seed = 13}, 10, 1, 0, SINE_CLEAN_X, SINE_CLEAN_Y},
    {{.kind = SYNTHETIC_THREE_BIT}, 5, 3, 2, THREE_BIT_X, THREE_BIT_Y},
    {{.kind = SYNTHETIC_GATES, .gate = GATE_AND}, 4, 2, 2, GATE_AND_ROWS_X, GATE_AND_ROWS_Y},
    {{.kind = SYNTHETIC_GATES, .gate = GATE_OR}, 4, 2, 2, GATE_OR_ROWS_X, GATE_OR_ROWS_Y},
    {{.kind = SYNTHETIC_GATES, .gate = GATE_NAND}, 4, 2, 2, GATE_NAND_ROWS_X, GATE_NAND_ROWS_Y},
    {{.kind = SYNTHETIC_GATES, .gate = GATE_XOR}, 4, 2, 2, GATE_XOR_ROWS_X, GATE_XOR_ROWS_Y},
};
