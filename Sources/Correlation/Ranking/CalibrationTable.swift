/// Weights of the calibration. Made by `scripts/calibrate`; do not edit by hand.
enum CalibrationTable {
    static let intercept = 0.000
    static let weights: [CalibrationFeature: Double] = [
        .strength: 1.635, .unreached: -0.200, .change: 0.955, .rival: -0.352, .fallback: -2.246,
    ]
}
