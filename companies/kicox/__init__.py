"""The quarterly book of every industrial complex (한국산업단지공단 전국산업단지현황통계), read as it is published."""
