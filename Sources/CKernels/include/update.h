#pragma once

#include <stdbool.h>
#include <stddef.h>

/// The numbers of one step of Adam; see AdamStep in Swift for the formula.
struct stapes_adam_step {
  /// What the gradient is multiplied by before all else.
  float gradient_scale;
  /// How much of the weight is added to the gradient.
  float coupled_decay;
  /// What the weight is multiplied by before it moves.
  float kept;
  float first_decay, first_gain, second_decay, second_gain;
  float step_size, root_correction, epsilon;
};

/// Moves weights and both their moments.
void stapes_take_adam_step(float *weights, float *first, float *second, const float *gradient,
                           struct stapes_adam_step step, size_t count);

/// The numbers of one step of gradient descent with momentum; see MomentumStep in Swift.
struct stapes_momentum_step {
  float gradient_scale, coupled_decay, momentum, rate;
  /// Whether the step looks ahead (Nesterov).
  bool looks_ahead;
};

/// Moves weights and their velocity.
void stapes_take_momentum_step(float *weights, float *velocity, const float *gradient,
                               struct stapes_momentum_step step, size_t count);

/// x[i] += gain · (y[i] − x[i])
void stapes_move_towards(float *x, const float *y, float gain, size_t count);
