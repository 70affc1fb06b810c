/// Weights of the calibration. Made by `scripts/calibrate`; do not edit by hand.
enum CalibrationTable {
    static let intercept = -1.036
    static let weights: [CalibrationFeature: Double] = [
        .strength: 2.032, .unreached: -0.200, .unread: -0.194, .change: 1.015, .rival: -0.591, .fallback: -1.273,
    ]
}
