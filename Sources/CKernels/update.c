#include "update.h"

// Each loop is one pass over its arrays, which the memory bounds, not the arithmetic: vectors wider
// than the baseline's would gain nothing. `restrict` and the builtin root, which sets no errno, let
// the compiler form vectors.

void stapes_take_adam_step(float *restrict weights, float *restrict first, float *restrict second,
                           const float *restrict gradient, struct stapes_adam_step step,
                           size_t count) {
  for (size_t i = 0; i < count; i++) {
    const float weight = weights[i];
    const float slope = step.gradient_scale * gradient[i] + step.coupled_decay * weight;
    const float mean = step.first_decay * first[i] + step.first_gain * slope;
    const float square = step.second_decay * second[i] + step.second_gain * slope * slope;
    first[i] = mean;
    second[i] = square;
    weights[i] = step.kept * weight -
                 step.step_size * mean /
                     (__builtin_elementwise_sqrt(square) * step.root_correction + step.epsilon);
  }
}

void stapes_take_momentum_step(float *restrict weights, float *restrict velocity,
                               const float *restrict gradient, struct stapes_momentum_step step,
                               size_t count) {
  const float own = step.looks_ahead ? 1 : 0;
  const float carried = step.looks_ahead ? step.momentum : 1;
  for (size_t i = 0; i < count; i++) {
    const float weight = weights[i];
    const float slope = step.gradient_scale * gradient[i] + step.coupled_decay * weight;
    const float speed = step.momentum * velocity[i] + slope;
    velocity[i] = speed;
    weights[i] = weight - step.rate * (own * slope + carried * speed);
  }
}

void stapes_move_towards(float *restrict x, const float *restrict y, float gain, size_t count) {
  for (size_t i = 0; i < count; i++) x[i] += gain * (y[i] - x[i]);
}
