/// Weights of the calibration. Made by `scripts/calibrate`; do not edit by hand.
enum CalibrationTable {
    static let intercept = -0.881
    static let weights: [CalibrationFeature: Double] = [
        .strength: 2.012, .unread: -0.131, .change: 1.105, .rival: -0.081, .latent: -0.175, .fallback: -1.505,
    ]
}
