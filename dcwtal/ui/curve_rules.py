"""The rules by which a run's curves become maps on the page."""

from dcwtal.pipeline.browse import BrowsedRun
from dcwtal.views.stage_rates import CurveRules


def curve_rules_of(run: BrowsedRun) -> CurveRules:
    """Thresholds of the run's pseudo-labels and its fusion weight; the paper's where the settings are silent."""
    labels = run.settings.get("pseudo_labels") or {}
    usual = CurveRules()
    return CurveRules(
        high=float(labels.get("delta_h", usual.high)),
        low=float(labels.get("delta_l", usual.low)),
        minmax=bool(labels.get("minmax", usual.minmax)),
        fusion_weight=run.localize.fusion_weight,
    )
