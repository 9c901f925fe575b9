/* Where everything lies in the parameter block, what does not fit together, and which class outputs
 * stand for. */
#include "core/model/mlp.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static MlpConfig base(void) {
    return (MlpConfig){.inputs = 2,
                       .outputs = 3,
                       .hidden_count = 2,
                       .hidden = {5, 4},
                       .activation = ACTIVATION_TANH,
                       .output = ACTIVATION_SOFTMAX,
                       .loss = LOSS_CROSS_ENTROPY,
                       .bias = true,
                       .classes = true,
                       .target_high = 1};
}

static Mlp made(const MlpConfig *config) {
    Mlp mlp;
    Error err = {0};
    if (!mlp_create(&mlp, config, &err)) fail_msg("%s", err.text);
    return mlp;
}

static void layers_follow_one_another_in_the_block(void **state) {
    (void)state;
    MlpConfig config = base();
    Mlp mlp = made(&config);
    assert_int_equal(mlp.layers, 3);
    assert_int_equal(mlp.parameters, 2 * 5 + 5 + 5 * 4 + 4 + 4 * 3 + 3);
    assert_int_equal(mlp.state_size, mlp.parameters);
    assert_int_equal(mlp.units, 9);
    assert_int_equal(mlp.widest, 5);
    static const int64_t weight[] = {0, 15, 39}, bias[] = {10, 35, 51};
    for (int l = 0; l < 3; l++) {
        assert_int_equal(mlp.layer[l].weight, weight[l]);
        assert_int_equal(mlp.layer[l].bias, bias[l]);
        assert_int_equal(mlp.layer[l].gamma, -1);
        assert_int_equal(mlp.layer[l].running_mean, -1);
        assert_false(mlp.layer[l].normalized);
        assert_int_equal(mlp.layer[l].activation, l < 2 ? ACTIVATION_TANH : ACTIVATION_SOFTMAX);
    }
    assert_int_equal(mlp.layer[1].in, 5);
    assert_int_equal(mlp.layer[1].out, 4);
}

static void batch_norm_stands_behind_each_hidden_layer_and_its_statistics_behind_all(void **state) {
    (void)state;
    MlpConfig config = base();
    config.batch_norm = true;
    Mlp mlp = made(&config);
    assert_int_equal(mlp.layer[0].gamma, 15);
    assert_int_equal(mlp.layer[0].beta, 20);
    assert_int_equal(mlp.layer[1].weight, 25);
    assert_int_equal(mlp.layer[1].gamma, 49);
    assert_int_equal(mlp.layer[1].beta, 53);
    assert_int_equal(mlp.layer[2].weight, 57);
    assert_int_equal(mlp.layer[2].gamma, -1);
    assert_int_equal(mlp.parameters, 72);
    assert_int_equal(mlp.layer[0].running_mean, 72);
    assert_int_equal(mlp.layer[0].running_variance, 77);
    assert_int_equal(mlp.layer[1].running_mean, 82);
    assert_int_equal(mlp.layer[1].running_variance, 86);
    assert_int_equal(mlp.layer[2].running_mean, -1);
    assert_int_equal(mlp.state_size, 90);
}

static void without_bias_and_hidden_layers_only_a_matrix_is_left(void **state) {
    (void)state;
    MlpConfig config = base();
    config.hidden_count = 0;
    config.bias = false;
    config.batch_norm = true; /* there is no hidden layer to normalize */
    Mlp mlp = made(&config);
    assert_int_equal(mlp.layers, 1);
    assert_int_equal(mlp.parameters, 6);
    assert_int_equal(mlp.state_size, 6);
    assert_int_equal(mlp.layer[0].bias, -1);
    assert_int_equal(mlp.units, 0);
    assert_int_equal(mlp.widest, 3);
}

static void what_does_not_fit_together_is_refused(void **state) {
    (void)state;
    MlpConfig configs[16];
    int count = 0;
    for (int i = 0; i < 16; i++) configs[i] = base();
    configs[count++].activation = ACTIVATION_SOFTMAX;
    configs[count++].output = ACTIVATION_IDENTITY;
    configs[count++].output = ACTIVATION_TANH;
    configs[count++].classes = false;
    configs[count++].inputs = 0;
    configs[count++].inputs = MLP_MAX_UNITS + 1;
    configs[count++].outputs = 0;
    configs[count++].outputs = MLP_MAX_UNITS + 1;
    configs[count++].hidden[1] = 0;
    configs[count++].hidden[0] = MLP_MAX_UNITS + 1;
    configs[count++].hidden_count = -1;
    configs[count++].hidden_count = MLP_MAX_HIDDEN + 1;
    configs[count++].dropout = 1;
    configs[count++].dropout = -0.1;
    configs[count++].dropout = (double)NAN;
    for (int i = 0; i < count; i++) {
        Mlp mlp;
        Error err = {0};
        if (mlp_create(&mlp, &configs[i], &err)) fail_msg("number %d is let through", i);
        assert_int_equal(err.kind, ERROR_USAGE);
        assert_true(strlen(err.text) > 0);
        assert_false(mlp_create(&mlp, &configs[i], NULL));
    }
    MlpConfig widest = base();
    widest.hidden_count = MLP_MAX_HIDDEN;
    for (int l = 0; l < MLP_MAX_HIDDEN; l++) widest.hidden[l] = MLP_MAX_UNITS;
    assert_true(made(&widest).parameters > INT64_C(31) * MLP_MAX_UNITS * MLP_MAX_UNITS);
}

static void two_classes_need_one_unit_unless_softmax_has_two(void **state) {
    (void)state;
    assert_int_equal(mlp_outputs(true, 2, ACTIVATION_SOFTMAX), 2);
    assert_int_equal(mlp_outputs(true, 2, ACTIVATION_SIGMOID), 1);
    assert_int_equal(mlp_outputs(true, 2, ACTIVATION_STEP), 1);
    assert_int_equal(mlp_outputs(true, 3, ACTIVATION_SIGMOID), 3);
    assert_int_equal(mlp_outputs(false, 2, ACTIVATION_IDENTITY), 2);
    assert_int_equal(mlp_outputs(false, 1, ACTIVATION_SIGMOID), 1);
}

static void the_largest_output_says_the_class_and_a_single_one_the_middle(void **state) {
    (void)state;
    MlpConfig config = base();
    Mlp mlp = made(&config);
    assert_int_equal(mlp_class(&mlp, (double[]){0.1, 0.7, 0.2}), 1);
    assert_int_equal(mlp_class(&mlp, (double[]){0.4, 0.2, 0.4}), 0);
    assert_int_equal(mlp_class(&mlp, (double[]){-3, -2, -1}), 2);
    config.outputs = 1;
    config.output = ACTIVATION_SIGMOID;
    config.target_low = -1;
    config.target_high = 2;
    mlp = made(&config);
    assert_int_equal(mlp_class(&mlp, (double[]){0.6}), 1);
    assert_int_equal(mlp_class(&mlp, (double[]){0.5}), 0);
    assert_int_equal(mlp_class(&mlp, (double[]){(double)NAN}), 0);
}

static void tables_of_names_are_complete_and_end_in_null(void **state) {
    (void)state;
    const struct {
        const char *const *names;
        int count;
    } tables[] = {{ACTIVATION_NAMES, ACTIVATION_COUNT},
                  {LOSS_NAMES, LOSS_COUNT},
                  {ERROR_SIGNAL_NAMES, ERROR_SIGNAL_COUNT},
                  {INIT_NAMES, INIT_COUNT}};
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        for (int i = 0; i < tables[t].count; i++) assert_non_null(tables[t].names[i]);
        assert_null(tables[t].names[tables[t].count]);
    }
    assert_string_equal(ACTIVATION_NAMES[ACTIVATION_SOFTPLUS], "softplus");
    assert_string_equal(ACTIVATION_NAMES[ACTIVATION_LEAKY_RELU], "leaky_relu");
    assert_string_equal(LOSS_NAMES[LOSS_HALF_SQUARED_ERROR], "half_squared_error");
    assert_string_equal(INIT_NAMES[INIT_VALUES], "values");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layers_follow_one_another_in_the_block),
        cmocka_unit_test(batch_norm_stands_behind_each_hidden_layer_and_its_statistics_behind_all),
        cmocka_unit_test(without_bias_and_hidden_layers_only_a_matrix_is_left),
        cmocka_unit_test(what_does_not_fit_together_is_refused),
        cmocka_unit_test(two_classes_need_one_unit_unless_softmax_has_two),
        cmocka_unit_test(the_largest_output_says_the_class_and_a_single_one_the_middle),
        cmocka_unit_test(tables_of_names_are_complete_and_end_in_null),
    };
    return cmocka_run_group_tests_name("mlp", tests, NULL, NULL);
}
