"""The outside worlds that results come from: MPC folders, databases, watched folders."""
